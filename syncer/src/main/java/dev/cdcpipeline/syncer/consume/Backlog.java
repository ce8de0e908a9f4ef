package dev.cdcpipeline.syncer.consume;

import org.apache.kafka.clients.consumer.Consumer;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Measures how many records are behind the tables. Belongs to the poll loop. */
final class Backlog {
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final SyncerMeters meters;
    private final LongSupplier nanoTime;
    private long last;

    Backlog(SyncerMeters meters, LongSupplier nanoTime) {
        this.meters = meters;
        this.nanoTime = nanoTime;
        this.last = nanoTime.getAsLong();
    }

    /** Counts what is still in Kafka and what is with the workers, every second. */
    void measureIfDue(Consumer<?, ?> consumer, Claims claims) {
        long now = nanoTime.getAsLong();
        if (now - last < INTERVAL.toNanos()) {
            return;
        }
        last = now;
        long behind = 0;
        for (Claim claim : claims.open()) {
            behind += claim.behind(consumer.currentLag(claim.partition()).orElse(0));
        }
        meters.behind(behind);
    }
}
