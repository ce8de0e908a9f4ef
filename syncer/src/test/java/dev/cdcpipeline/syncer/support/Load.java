package dev.cdcpipeline.syncer.support;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A workload that flows in the background, a few hundred changes a second, until it is finished.
 */
public final class Load implements AutoCloseable {
    private final Workload workload;
    private final AtomicBoolean stop = new AtomicBoolean();
    private final CompletableFuture<Void> sending;

    /** Begins to send; nobody else may use the workload until it is finished. */
    public Load(Workload workload) {
        this.workload = workload;
        this.sending = CompletableFuture.runAsync(this::send);
    }

    private void send() {
        while (!stop.get()) {
            workload.send(20);
            await().pollDelay(Duration.ofMillis(20)).until(() -> true);
        }
    }

    /** Ends it, and waits until Kafka has everything. */
    public void finish() {
        stop.set(true);
        sending.join();
    }

    @Override
    public void close() {
        finish();
    }
}
