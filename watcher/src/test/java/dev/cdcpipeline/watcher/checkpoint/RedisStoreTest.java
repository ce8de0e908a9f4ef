package dev.cdcpipeline.watcher.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.cdcpipeline.embedded.RedisServer;
import dev.cdcpipeline.platform.failure.Classifier;
import dev.cdcpipeline.platform.failure.Reaction;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import redis.clients.jedis.Jedis;

import java.io.IOException;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import javax.net.ssl.SSLContext;

class RedisStoreTest extends CheckpointStoreContract {
    private static RedisServer server;

    @BeforeAll
    static void startRedis() {
        server = RedisServer.start();
    }

    @AfterAll
    static void stopRedis() {
        server.close();
    }

    @Override
    CheckpointStore open(String name) {
        return open(name, "one", Duration.ofSeconds(30));
    }

    private static RedisStore at(String url, String name, String owner, Duration term) {
        try {
            return RedisStore.open(url, SSLContext.getDefault(), name, owner, term);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static RedisStore open(String name, String owner, Duration term) {
        return at(server.host() + ":" + server.port(), name, owner, term);
    }

    @Test
    @DisplayName(
            "I4: one of two Watchers leads; the other one takes over when the lease runs out, and fences it")
    void theSecondTakesOverAndFencesTheFirst() throws IOException {
        try (RedisStore first = open("pair", "first", Duration.ofMillis(300));
                RedisStore second = open("pair", "second", Duration.ofSeconds(30))) {
            assertThat(first.holdOrTake()).isTrue();
            assertThat(second.holdOrTake()).isFalse();
            assertThat(first.holdOrTake()).isTrue();
            first.save(Checkpoints.number(1));

            await().atMost(Duration.ofSeconds(30)).until(second::holdOrTake);

            assertThat(second.load()).contains(Checkpoints.number(1));
            assertThatThrownBy(() -> first.save(Checkpoints.number(2)))
                    .isInstanceOf(FencedException.class);
            assertThat(first.holdOrTake()).isFalse();
            second.save(Checkpoints.number(3));
            assertThat(second.load()).contains(Checkpoints.number(3));
        }
    }

    @Test
    @DisplayName("I4: a lease that is given back is free at once")
    void aLeaseGivenBackIsFreeAtOnce() throws IOException {
        try (RedisStore second = open("handover", "second", Duration.ofSeconds(30))) {
            try (RedisStore first = open("handover", "first", Duration.ofSeconds(30))) {
                assertThat(first.holdOrTake()).isTrue();
                assertThat(second.holdOrTake()).isFalse();
            }
            assertThat(second.holdOrTake()).isTrue();
        }
    }

    @Test
    @DisplayName(
            "I4: a Watcher that has not heard yet that it took the lease anew does not fence itself")
    void doesNotFenceItself() throws IOException {
        try (RedisStore store = open("again", "one", Duration.ofSeconds(30));
                RedisStore heard = open("again", "one", Duration.ofSeconds(30));
                RedisStore other = open("again", "two", Duration.ofSeconds(30))) {
            assertThat(store.holdOrTake()).isTrue();
            forgetTheLeader("again");
            // The reply with the number of the new term goes to somebody else.
            assertThat(heard.holdOrTake()).isTrue();

            store.save(Checkpoints.number(1));
            assertThat(store.load()).contains(Checkpoints.number(1));
            assertThat(store.holdOrTake()).isTrue();

            forgetTheLeader("again");
            assertThat(other.holdOrTake()).isTrue();
            assertThatThrownBy(() -> store.save(Checkpoints.number(2)))
                    .isInstanceOf(FencedException.class);
        }
    }

    private static void forgetTheLeader(String name) {
        try (Jedis jedis = new Jedis(server.host(), server.port())) {
            assertThat(jedis.del("cdc:{" + name + "}:leader")).isEqualTo(1);
        }
    }

    @Test
    @DisplayName(
            "2.4: a Redis that restarts empty takes the next save, and the lease of the one that still leads")
    void aRedisThatLostEverythingIsFilledAgain() throws IOException {
        try (RedisServer empty = RedisServer.start();
                RedisStore store = at(empty.url(), "w", "one", Duration.ofSeconds(30))) {
            assertThat(store.holdOrTake()).isTrue();
            store.save(Checkpoints.number(1));
            empty.restartEmpty();
            await().atMost(Duration.ofSeconds(30))
                    .ignoreExceptions()
                    .until(() -> store.load().isEmpty());
            assertThat(store.holdOrTake()).isTrue();
            store.save(Checkpoints.number(2));
            assertThat(store.load()).contains(Checkpoints.number(2));
        }
    }

    @Test
    @DisplayName("2.5: the master that a sentinel knows keeps checkpoint and lease")
    void keepsTheCheckpointWithTheSentinelsMaster() throws IOException {
        try (RedisServer master = RedisServer.start();
                RedisServer sentinel = RedisServer.startSentinel("cdc", master);
                RedisStore store =
                        at(
                                "redis-sentinel://127.0.0.1:" + sentinel.port() + "/0#cdc",
                                "w",
                                "one",
                                Duration.ofSeconds(30));
                RedisStore direct = at(master.url(), "w", "two", Duration.ofSeconds(30))) {
            assertThat(store.holdOrTake()).isTrue();
            store.save(Checkpoints.number(1));
            assertThat(direct.load()).contains(Checkpoints.number(1));
            assertThat(direct.holdOrTake()).isFalse();
        }
    }

    @Test
    @DisplayName("2.5: a cluster keeps checkpoint and lease in one hash slot")
    void keepsTheCheckpointInACluster() throws IOException {
        try (RedisServer node = RedisServer.startForACluster()) {
            giveAllSlots(node);
            try (RedisStore store =
                    at(
                            "redis-cluster://" + node.host() + ":" + node.port(),
                            "w",
                            "one",
                            Duration.ofSeconds(30))) {
                await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(store::holdOrTake);
                store.save(Checkpoints.number(1));
                assertThat(store.load()).contains(Checkpoints.number(1));
            }
        }
    }

    private static void giveAllSlots(RedisServer node) {
        try (Jedis jedis = new Jedis(node.host(), node.port())) {
            jedis.clusterAddSlots(IntStream.range(0, 16384).toArray());
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> jedis.clusterInfo().contains("cluster_state:ok"));
        }
    }

    @Test
    @DisplayName("11.5: an address that is none is refused with the forms it may have, unrepeated")
    void refusesWhatIsNoAddress() {
        for (String wrong :
                List.of(
                        "redis-sentinel://:s3cret@a:1",
                        "http://:s3cret@a:1",
                        "redis://:s3cret@",
                        "redis-cluster://:s3cret@a,",
                        "redis://:s3cret@a:b:c d")) {
            assertThatThrownBy(() -> RedisAddress.parse(wrong))
                    .as(wrong)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("redis-sentinel://")
                    .hasMessageNotContaining("s3cret")
                    .hasNoCause();
        }
    }

    @Test
    @DisplayName("12.5: a Redis that does not answer is tried again, a wrong password is not")
    void classifiesWhatGoesWrong() {
        Classifier classifier = new Classifier(new RedisErrors());
        try (RedisServer guarded = RedisServer.start("secret");
                RedisStore store =
                        at(
                                "redis://:wrong@" + guarded.host() + ":" + guarded.port(),
                                "w",
                                "o",
                                Duration.ofSeconds(1))) {
            assertThatThrownBy(store::load)
                    .satisfies(e -> assertThat(classifier.reaction(e)).isEqualTo(Reaction.STOP));
        }
        RedisServer gone = RedisServer.start();
        RedisStore store = at(gone.url(), "w", "o", Duration.ofSeconds(1));
        gone.close();
        assertThatThrownBy(store::load)
                .satisfies(e -> assertThat(classifier.reaction(e)).isEqualTo(Reaction.RETRY));
    }
}
