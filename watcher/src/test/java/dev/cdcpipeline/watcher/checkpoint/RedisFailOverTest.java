package dev.cdcpipeline.watcher.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.cdcpipeline.embedded.RedisServer;
import dev.cdcpipeline.platform.failure.Classifier;
import dev.cdcpipeline.platform.failure.Failure;
import dev.cdcpipeline.platform.failure.Reaction;
import dev.cdcpipeline.testkit.Line;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;

import java.io.IOException;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;

import javax.net.ssl.SSLContext;

/** A Redis that has become another one's replica under open connections. */
class RedisFailOverTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Classifier CLASSIFIER = new Classifier(new RedisErrors());

    private static RedisStore at(int port, String owner) {
        try {
            return RedisStore.open(
                    "127.0.0.1:" + port, SSLContext.getDefault(), "w", owner, PATIENCE);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void failOver(RedisServer from, RedisServer to) {
        try (var old = new Jedis(from.host(), from.port());
                var master = new Jedis(to.host(), to.port())) {
            await().atMost(PATIENCE).until(() -> old.info("replication").contains("state=online"));
            master.replicaofNoOne();
            old.replicaof(to.host(), to.port());
        }
    }

    @Test
    @DisplayName(
            "case W6: store and lease connect anew when the old master answers READONLY on open connections")
    void connectsAnewToTheNewMaster() throws IOException {
        try (RedisServer before = RedisServer.start();
                RedisServer after = RedisServer.startReplica(before);
                Line line = new Line(before.port());
                RedisStore store = at(line.port(), "one")) {
            assertThat(store.holdOrTake()).isTrue();
            store.save(Checkpoints.number(1));
            failOver(before, after);
            line.leadTo(after.port());

            assertThatThrownBy(() -> store.save(Checkpoints.number(2)))
                    .isInstanceOf(IOException.class)
                    .satisfies(e -> assertThat(CLASSIFIER.reaction(e)).isEqualTo(Reaction.RETRY));
            store.save(Checkpoints.number(2));
            assertThat(store.holdOrTake()).isTrue();
            try (RedisStore direct = at(after.port(), "two")) {
                assertThat(direct.load()).contains(Checkpoints.number(2));
                assertThat(direct.holdOrTake()).as("the lease is at the new master").isFalse();
            }
        }
    }

    @Test
    @DisplayName(
            "case W6: a standby's lease that the old master refuses is tried again, and had at the new master")
    void takesTheLeaseAtTheNewMaster() throws IOException {
        try (RedisServer before = RedisServer.start();
                RedisServer after = RedisServer.startReplica(before);
                Line line = new Line(before.port());
                RedisStore leader = at(line.port(), "one");
                RedisStore standby = at(line.port(), "two")) {
            assertThat(leader.holdOrTake()).isTrue();
            assertThat(standby.holdOrTake()).isFalse();
            failOver(before, after);
            line.leadTo(after.port());
            endTheLease(before, after);

            assertThatThrownBy(standby::holdOrTake)
                    .satisfies(e -> assertThat(CLASSIFIER.reaction(e)).isEqualTo(Reaction.RETRY));
            assertThat(standby.holdOrTake()).isTrue();
        }
    }

    private static void endTheLease(RedisServer replica, RedisServer master) {
        try (var old = new Jedis(replica.host(), replica.port());
                var client = new Jedis(master.host(), master.port())) {
            client.del("cdc:{w}:leader");
            await().atMost(PATIENCE).until(() -> old.get("cdc:{w}:leader") == null);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "READONLY You can't write against a read only replica.|READONLY",
                "READONLY You can't write against a read only replica. script: 5d17, on @user_script:7.|READONLY",
                "ERR Error running script (call to f_5d17): @user_script:6: @user_script: 6: -READONLY You can't write|READONLY",
                "ERR Error running script (call to f_5d17): @user_script:6: -MISCONF Redis is configured to|MISCONF",
                "ERR Error running script (call to f_5d17): @user_script:6: -OOM command not allowed|OOM",
                "ERR Error running script (call to f_5d17): @user_script:6: -NOREPLICAS Not enough good|NOREPLICAS",
                "ERR max number of clients reached|ERR max number of clients",
                "MASTERDOWN Link with MASTER is down|MASTERDOWN",
                "CLUSTERDOWN The cluster is down|CLUSTERDOWN",
                "TRYAGAIN Multiple keys request during rehashing of slot|TRYAGAIN",
                "MOVED 866 127.0.0.1:7002|MOVED",
                "BUSY Redis is busy running a script.|BUSY",
                "LOADING Redis is loading the dataset in memory|LOADING"
            })
    @DisplayName("case W6, 12.5: what passes is told from a script's error too, and tried again")
    void recognizesWhatPasses(String reply, String code) {
        var thrown = new JedisDataException(reply);
        assertThat(CLASSIFIER.failure(thrown))
                .isEqualTo(new Failure.ServerError("Redis", code, Reaction.RETRY));
        assertThat(CLASSIFIER.reaction(thrown)).isEqualTo(Reaction.RETRY);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ERR Error running script (call to f_5d17): @user_script:6: attempt to index a nil value|ERR",
                "ERR unknown command 'EVAL'|ERR",
                "WRONGTYPE Operation against a key holding the wrong kind of value|WRONGTYPE"
            })
    @DisplayName("12.5: what does not pass still stops, in a script too")
    void recognizesWhatDoesNot(String reply, String code) {
        var thrown = new JedisDataException(reply);
        assertThat(CLASSIFIER.failure(thrown))
                .isEqualTo(new Failure.ServerError("Redis", code, Reaction.STOP));
        assertThat(CLASSIFIER.reaction(thrown)).isEqualTo(Reaction.STOP);
    }
}
