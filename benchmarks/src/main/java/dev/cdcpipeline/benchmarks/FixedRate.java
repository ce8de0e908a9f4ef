package dev.cdcpipeline.benchmarks;

import dev.cdcpipeline.model.wire.WireFormat;

import org.apache.kafka.clients.producer.Producer;

import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/**
 * Inserts at a fixed rate, and the time of each from the call that publishes it to the first look
 * at which its row is visible. Looks every millisecond, so it says a little too much.
 */
final class FixedRate {
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Options options;
    private final String topic;
    private final int partitions;
    private final Producer<byte[], byte[]> producer;
    private final LedgerProgress progress;
    private final AtomicLongArray sentAt;

    FixedRate(
            Options options,
            String topic,
            int partitions,
            Producer<byte[], byte[]> producer,
            LedgerProgress progress) {
        this.options = options;
        this.topic = topic;
        this.partitions = partitions;
        this.producer = producer;
        this.progress = progress;
        this.sentAt = new AtomicLongArray(options.rate() * (options.warmUp() + options.seconds()));
    }

    void run() throws Exception {
        while (!progress.isOpen(partitions)) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
        Thread sender = Thread.ofPlatform().start(this::send);
        long[] latencies = watch();
        sender.join();
        int skipped = options.rate() * options.warmUp();
        long[] counted = Arrays.copyOfRange(latencies, skipped, latencies.length);
        Arrays.sort(counted);
        System.out.printf(
                "%,d events at %,d/s after %d s of warm-up, from publish to visible row:"
                        + " p50 %.1f ms, p99 %.1f ms, max %.1f ms%n",
                counted.length,
                options.rate(),
                options.warmUp(),
                counted[counted.length / 2] / 1e6,
                counted[counted.length * 99 / 100] / 1e6,
                counted[counted.length - 1] / 1e6);
    }

    /** Each event at its own time, so that a slow one does not delay the schedule. */
    private void send() {
        var samples = new SampleRecords(WireFormat.valueOf(options.wire()));
        long start = System.nanoTime();
        for (int i = 0; i < sentAt.length(); i++) {
            var record = samples.insert(topic, i % partitions, i, Instant.now());
            long due = start + (long) i * TimeUnit.SECONDS.toNanos(1) / options.rate();
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            sentAt.set(i, System.nanoTime());
            var _ = producer.send(record);
        }
    }

    private long[] watch() throws Exception {
        long[] latencies = new long[sentAt.length()];
        long[] seen = new long[partitions];
        long[] next = new long[partitions];
        int left = latencies.length;
        while (left > 0) {
            progress.read(next);
            long now = System.nanoTime();
            for (int partition = 0; partition < partitions; partition++) {
                for (; seen[partition] < next[partition]; seen[partition]++) {
                    int number = (int) (seen[partition] * partitions + partition);
                    latencies[number] = now - sentAt.get(number);
                    left--;
                }
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return latencies;
    }
}
