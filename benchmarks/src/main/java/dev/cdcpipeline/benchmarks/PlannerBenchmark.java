package dev.cdcpipeline.benchmarks;

import dev.cdcpipeline.model.wire.DocumentRenderer;
import dev.cdcpipeline.model.wire.WireFormat;
import dev.cdcpipeline.syncer.plan.BatchPlan;
import dev.cdcpipeline.syncer.plan.PartitionId;
import dev.cdcpipeline.syncer.plan.Planner;
import dev.cdcpipeline.syncer.plan.Portion;
import dev.cdcpipeline.syncer.plan.Progress;
import dev.cdcpipeline.syncer.plan.RecordBlocks;
import dev.cdcpipeline.syncer.schema.TableNames;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * What a worker of the Syncer does with an event before PostgreSQL gets it: decode, fold by
 * document, render for {@code jsonb}, sort. One operation is one event of a batch of 20,000.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 4, time = 2)
public class PlannerBenchmark {
    private static final int EVENTS = 20_000;
    private static final int PARTITIONS = 4;
    private static final String TOPIC = "topic";

    @Param({"JSON", "BSON"})
    private WireFormat wire = WireFormat.JSON;

    @Param({"plain", "extended"})
    private String doc = "plain";

    @Param({"true", "false"})
    private boolean headers = true;

    private List<Portion> portions = List.of();
    private Planner planner = planner("plain");

    /** Makes the batch. */
    @Setup
    public void prepare() {
        planner = planner(doc);
        var samples = new SampleRecords(wire);
        var made = new ArrayList<Portion>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            var records = new ArrayList<ConsumerRecord<ByteBuffer, ByteBuffer>>();
            for (int i = 0; i < EVENTS / PARTITIONS; i++) {
                records.add(record(samples, partition, i));
            }
            var id = new PartitionId(new UUID(0, 1), TOPIC, partition);
            var copies =
                    new RecordBlocks(1 << 20).copy(new TopicPartition(TOPIC, partition), records);
            made.add(new Portion(new Progress(id, 0, null), copies));
        }
        portions = made;
    }

    private static Planner planner(String doc) {
        var names = new TableNames("{db}", "{collection}", Map.of());
        return doc.equals("plain")
                ? new Planner(names, DocumentRenderer.plain()::render)
                : new Planner(names, DocumentRenderer.extended()::render);
    }

    private ConsumerRecord<ByteBuffer, ByteBuffer> record(
            SampleRecords samples, int partition, int offset) {
        var sent = samples.insert(TOPIC, partition, offset * PARTITIONS + partition, Instant.EPOCH);
        return new ConsumerRecord<>(
                TOPIC,
                partition,
                offset,
                0,
                TimestampType.CREATE_TIME,
                sent.key().length,
                sent.value().length,
                ByteBuffer.wrap(sent.key()),
                ByteBuffer.wrap(sent.value()),
                headers ? sent.headers() : new RecordHeaders(),
                Optional.empty());
    }

    /** Plans the batch. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public BatchPlan plan() {
        return planner.plan(portions, Set.of());
    }
}
