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

import java.io.IOException;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;

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
    @DisplayName("12.5: a Redis that does not answer is tried again, a wrong password is not")
    void classifiesWhatGoesWrong() {
        Classifier classifier = new Classifier(new RedisRecognizer());
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
