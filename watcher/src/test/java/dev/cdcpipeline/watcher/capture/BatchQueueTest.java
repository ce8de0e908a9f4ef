package dev.cdcpipeline.watcher.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

class BatchQueueTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private final BatchQueue queue = new BatchQueue(1000);

    private static EventBatch batch(int bytes) {
        return new EventBatch(List.of(), null, bytes);
    }

    private CompletableFuture<Void> putting(int bytes) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread.ofPlatform()
                .daemon()
                .start(
                        () -> {
                            try {
                                queue.put(batch(bytes));
                                done.complete(null);
                            } catch (InterruptedException e) {
                                done.completeExceptionally(e);
                            }
                        });
        return done;
    }

    private int polled() throws Exception {
        return Objects.requireNonNull(queue.poll(PATIENCE)).bytes();
    }

    @Test
    @DisplayName("I7: a full queue makes the reader wait until the publisher has taken a batch")
    void aFullQueueMakesTheReaderWait() throws Exception {
        queue.put(batch(600));
        CompletableFuture<Void> second = putting(500);
        await().during(Duration.ofMillis(100)).atMost(PATIENCE).until(() -> !second.isDone());
        assertThat(polled()).isEqualTo(600);
        await().atMost(PATIENCE).until(second::isDone);
        assertThat(polled()).isEqualTo(500);
    }

    @Test
    @DisplayName("I7: a batch larger than the bound is let in alone")
    void aLargeBatchIsLetInAlone() throws Exception {
        queue.put(batch(5000));
        assertThat(polled()).isEqualTo(5000);
    }

    @Test
    @DisplayName("I1: what was read before a failure is published before the failure is told")
    void batchesComeBeforeTheFailure() throws Exception {
        queue.put(batch(1));
        queue.fail(new IOException("broken"));
        assertThat(polled()).isEqualTo(1);
        assertThatThrownBy(() -> queue.poll(PATIENCE)).hasMessage("broken");
    }
}
