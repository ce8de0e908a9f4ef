package dev.cdcpipeline.syncer.consume;

import dev.cdcpipeline.syncer.plan.BatchPlan;
import dev.cdcpipeline.syncer.plan.Tally;
import dev.cdcpipeline.syncer.write.Outcome;
import dev.cdcpipeline.syncer.write.Protocol;
import dev.cdcpipeline.syncer.write.TableResult;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** What the Syncer measures (14.1). Thread-safe. */
public final class SyncerMeters {
    private final MeterRegistry registry;
    private final InstantSource clock;
    private final Counter consumed;
    private final Counter consumedBytes;
    private final Counter redelivered;
    private final Counter ignored;
    private final Counter coalesced;
    private final Counter stale;
    private final Counter undecided;
    private final Counter deadLetters;
    private final Counter fenced;
    private final Counter sweepsIgnored;
    private final Counter strayLetters;
    private final Counter rewound;
    private final Timer plan;
    private final Timer lag;
    private final AtomicLong pausedPartitions;
    private final AtomicLong queueBytes;
    private final AtomicLong queueRecords;
    private final AtomicLong recordsBehind;
    private final AtomicLong stalledPartitions;

    /**
     * @param registry where the meters go
     * @param clock the time, to measure the lag against the source's
     */
    public SyncerMeters(MeterRegistry registry, InstantSource clock) {
        this.registry = registry;
        this.clock = clock;
        this.consumed = registry.counter("cdc.syncer.consumed");
        this.consumedBytes = registry.counter("cdc.syncer.consumed.bytes");
        this.redelivered = registry.counter("cdc.syncer.redelivered");
        this.ignored = registry.counter("cdc.syncer.ignored");
        this.coalesced = registry.counter("cdc.syncer.coalesced");
        this.stale = registry.counter("cdc.syncer.stale");
        this.undecided = registry.counter("cdc.syncer.undecided");
        this.deadLetters = registry.counter("cdc.syncer.dead.letters");
        this.fenced = registry.counter("cdc.syncer.fenced");
        this.sweepsIgnored = registry.counter("cdc.syncer.sweeps.ignored");
        this.strayLetters = registry.counter("cdc.syncer.stray.letters");
        this.rewound = registry.counter("cdc.syncer.ledger.rewound");
        this.plan = histogram("cdc.syncer.plan");
        this.lag =
                Timer.builder("cdc.syncer.lag")
                        .description("Time from the change in MongoDB to the commit in PostgreSQL")
                        .publishPercentileHistogram()
                        .minimumExpectedValue(Duration.ofMillis(1))
                        .maximumExpectedValue(Duration.ofMinutes(10))
                        .register(registry);
        this.pausedPartitions = gauge("cdc.syncer.partitions.paused");
        this.queueBytes = gauge("cdc.syncer.queue.bytes");
        this.queueRecords = gauge("cdc.syncer.queue.records");
        this.recordsBehind = gauge("cdc.syncer.lag.records");
        this.stalledPartitions = gauge("cdc.syncer.partitions.stalled");
    }

    private AtomicLong gauge(String name) {
        var value = new AtomicLong();
        registry.gauge(name, value);
        return value;
    }

    private Timer histogram(String name, String... tags) {
        return Timer.builder(name)
                .tags(tags)
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofMillis(1))
                .maximumExpectedValue(Duration.ofMinutes(1))
                .register(registry);
    }

    void consumed(ConsumerRecords<?, ?> records) {
        consumed.increment(records.count());
        long bytes = 0;
        for (ConsumerRecord<?, ?> record : records) {
            bytes += Math.max(0, record.serializedKeySize());
            bytes += Math.max(0, record.serializedValueSize());
        }
        consumedBytes.increment((double) bytes);
    }

    /** So many records are in Kafka and not in PostgreSQL yet, of the partitions owned here. */
    void behind(long records) {
        recordsBehind.set(records);
    }

    /** So many partitions stand still while records of them wait. */
    void stalled(int partitions) {
        stalledPartitions.set(partitions);
    }

    void flow(int paused, WorkQueue queue) {
        pausedPartitions.set(paused);
        queueBytes.set(queue.bytes());
        queueRecords.set(queue.records());
    }

    void written(BatchPlan plan, Outcome.Written written, long planNanos, long writeNanos) {
        Tally tally = plan.tally();
        if (tally.records() == 0) {
            return; // only the ledger moved
        }
        redelivered.increment(tally.redelivered());
        ignored.increment(tally.ignored());
        coalesced.increment(tally.coalesced());
        this.plan.record(planNanos, TimeUnit.NANOSECONDS);
        written.tables().forEach(this::applied);
        String protocol = protocol(written);
        batchSize(protocol).record(tally.records());
        histogram("cdc.syncer.flush", "protocol", protocol)
                .record(writeNanos, TimeUnit.NANOSECONDS);
        long now = clock.millis();
        tally.sourceMillis()
                .forEach(at -> lag.record(Math.max(0, now - at), TimeUnit.MILLISECONDS));
    }

    /** Of several tables in one batch, the one for the most rows: COPY rather than statements. */
    private static String protocol(Outcome.Written written) {
        return written.tables().stream()
                .map(TableResult::protocol)
                .max(Protocol::compareTo)
                .orElse(Protocol.UNNEST)
                .name()
                .toLowerCase(Locale.ROOT);
    }

    private DistributionSummary batchSize(String protocol) {
        return DistributionSummary.builder("cdc.syncer.batch.size")
                .baseUnit("records")
                .tag("protocol", protocol)
                .publishPercentileHistogram()
                .minimumExpectedValue(1.0)
                .maximumExpectedValue(100_000.0)
                .register(registry);
    }

    private void applied(TableResult result) {
        stale.increment((double) result.stale());
        undecided.increment((double) result.undecided());
        applied(result, "insert", result.inserted());
        applied(result, "overwrite", result.overwritten());
        applied(result, "delete", result.deleted());
        applied(result, "sweep", result.swept());
    }

    private void applied(TableResult result, String kind, long rows) {
        if (rows > 0) {
            registry.counter("cdc.syncer.applied", "table", result.table().toString(), "kind", kind)
                    .increment((double) rows);
        }
    }

    void deadLetters(int records) {
        deadLetters.increment(records);
    }

    /** A drop or rename could not be followed. */
    public void sweepIgnored() {
        sweepsIgnored.increment();
    }

    /** Dead letters of other topics were left out. */
    void strayLetters(int records) {
        strayLetters.increment(records);
    }

    /** The ledger of a partition went back. */
    void rewound() {
        rewound.increment();
    }

    /** A batch was dropped. */
    void fenced() {
        fenced.increment();
    }

    /** An attempt failed and will be repeated. */
    public void retried(String cause) {
        registry.counter("cdc.syncer.retries", "cause", cause).increment();
    }
}
