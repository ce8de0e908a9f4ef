package dev.cdcpipeline.syncer.consume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.model.wire.DocumentRenderer;
import dev.cdcpipeline.syncer.plan.BatchPlan;
import dev.cdcpipeline.syncer.plan.PartitionId;
import dev.cdcpipeline.syncer.plan.Planner;
import dev.cdcpipeline.syncer.plan.Portion;
import dev.cdcpipeline.syncer.plan.Progress;
import dev.cdcpipeline.syncer.plan.Records;
import dev.cdcpipeline.syncer.schema.TableName;
import dev.cdcpipeline.syncer.schema.TableNames;
import dev.cdcpipeline.syncer.support.Events;
import dev.cdcpipeline.syncer.support.Polled;
import dev.cdcpipeline.syncer.write.Outcome;
import dev.cdcpipeline.syncer.write.Protocol;
import dev.cdcpipeline.syncer.write.TableResult;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.bson.BsonString;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/** 14.1: what is measured is what happened, under the names that the reference page has. */
class SyncerMetersTest {
    private static final TopicPartition PARTITION = new TopicPartition("topic", 0);
    private static final TableName ORDERS = new TableName("shop", "orders");
    private static final TableName ITEMS = new TableName("shop", "items");

    private Instant now = Instant.EPOCH;
    private final Events events = new Events(new Namespace("shop", "orders"));
    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    private final SyncerMeters meters = new SyncerMeters(registry, () -> now);

    private static BatchPlan plan(List<ConsumerRecord<ByteBuffer, ByteBuffer>> records) {
        var names = new TableNames("{db}", "{collection}", Map.of());
        var from = new Progress(new PartitionId(new UUID(1, 1), "topic", 0), 0, null);
        List<Records> copied = Polled.copy(PARTITION, records);
        return new Planner(names, DocumentRenderer.plain()::render)
                .plan(List.of(new Portion(from, copied)), Set.of());
    }

    private static Instant wallTime(Events.Event event) {
        return Objects.requireNonNull(event.event().wallTime());
    }

    private Events.Event insert(String id) {
        return events.insert(Events.document(new BsonString(id), 1));
    }

    /** What Prometheus reads in the line of this name and these labels. */
    private double scraped(String line) {
        return registry.scrape()
                .lines()
                .filter(each -> each.startsWith(line + " "))
                .mapToDouble(each -> Double.parseDouble(each.substring(line.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError(line + " in " + registry.scrape()));
    }

    @Test
    @DisplayName("14.1, Property 18: a batch is counted by what became of its records and rows")
    void aBatchIsCountedByWhatBecameOfIt() {
        Events.Event first = insert("a");
        BatchPlan plan =
                plan(
                        List.of(
                                Polled.record(PARTITION, 0, first),
                                Polled.record(PARTITION, 1, insert("a")),
                                Polled.record(PARTITION, 2, insert("a")),
                                Polled.record(PARTITION, 3, insert("b")),
                                Polled.record(PARTITION, 4, first),
                                Polled.tombstone(PARTITION, 5)));
        var written =
                new Outcome.Written(
                        List.of(
                                new TableResult(ORDERS, Protocol.STAGED_COPY, 1, 2, 3, 0, 4),
                                new TableResult(ITEMS, Protocol.UNNEST, 5, 0, 0, 6, 7)));

        meters.written(plan, written, 0, 0);

        assertThat(ofProtocol("cdc_syncer_batch_size_records_sum", "staged_copy")).isEqualTo(6);
        assertThat(scraped("cdc_syncer_coalesced_total")).isEqualTo(2);
        assertThat(scraped("cdc_syncer_redelivered_total")).isEqualTo(1);
        assertThat(scraped("cdc_syncer_ignored_total")).isEqualTo(1);
        assertThat(scraped("cdc_syncer_stale_total")).isEqualTo(4 + 7);
        assertThat(applied("insert", ORDERS)).isEqualTo(1);
        assertThat(applied("overwrite", ORDERS)).isEqualTo(2);
        assertThat(applied("delete", ORDERS)).isEqualTo(3);
        assertThat(applied("insert", ITEMS)).isEqualTo(5);
        assertThat(applied("sweep", ITEMS)).isEqualTo(6);
    }

    private double applied(String kind, TableName table) {
        return scraped("cdc_syncer_applied_total{kind=\"%s\",table=\"%s\"}".formatted(kind, table));
    }

    @Test
    @DisplayName("14.1: size and time of a batch are of the protocol for the most rows in it")
    void sizeAndTimeAreOfTheProtocolForTheMostRows() {
        BatchPlan two = plan(List.of(record(0), record(1)));
        BatchPlan three = plan(List.of(record(0), record(1), record(2)));

        meters.written(two, written(Protocol.UNNEST), millis(5), millis(40));
        meters.written(three, written(Protocol.UNNEST), millis(6), millis(50));
        meters.written(two, written(Protocol.UNNEST, Protocol.STAGED_COPY), millis(7), millis(100));
        meters.written(
                three, written(Protocol.DIRECT_COPY, Protocol.UNNEST), millis(8), millis(200));
        meters.written(two, written(), millis(9), millis(60)); // nothing but the ledger

        assertThat(scraped("cdc_syncer_plan_seconds_count")).isEqualTo(5);
        assertThat(scraped("cdc_syncer_plan_seconds_sum")).isEqualTo(0.035);
        assertThat(ofProtocol("cdc_syncer_batch_size_records_count", "unnest")).isEqualTo(3);
        assertThat(ofProtocol("cdc_syncer_batch_size_records_sum", "unnest")).isEqualTo(7);
        assertThat(ofProtocol("cdc_syncer_batch_size_records_sum", "staged_copy")).isEqualTo(2);
        assertThat(ofProtocol("cdc_syncer_batch_size_records_sum", "direct_copy")).isEqualTo(3);
        assertThat(ofProtocol("cdc_syncer_flush_seconds_count", "unnest")).isEqualTo(3);
        assertThat(ofProtocol("cdc_syncer_flush_seconds_sum", "unnest")).isEqualTo(0.15);
        assertThat(ofProtocol("cdc_syncer_flush_seconds_sum", "staged_copy")).isEqualTo(0.1);
        assertThat(ofProtocol("cdc_syncer_flush_seconds_sum", "direct_copy")).isEqualTo(0.2);
    }

    private ConsumerRecord<ByteBuffer, ByteBuffer> record(long offset) {
        return Polled.record(PARTITION, offset, insert("a"));
    }

    private static long millis(int millis) {
        return Duration.ofMillis(millis).toNanos();
    }

    private static Outcome.Written written(Protocol... protocols) {
        return new Outcome.Written(
                List.of(protocols).stream()
                        .map(each -> new TableResult(ORDERS, each, 0, 0, 0, 0, 0))
                        .toList());
    }

    private double ofProtocol(String name, String protocol) {
        return scraped("%s{protocol=\"%s\"}".formatted(name, protocol));
    }

    @Test
    @DisplayName("14.1: the lag is from each change in MongoDB to its commit, in a histogram")
    void theLagIsFromTheChangeToTheCommit() {
        Events.Event change = insert("a");
        BatchPlan plan = plan(List.of(Polled.record(PARTITION, 0, change), tombstone()));

        now = wallTime(change).plusMillis(300);
        meters.written(plan, written(Protocol.UNNEST), 0, 0);
        now = wallTime(change).plusSeconds(2);
        meters.written(plan, written(Protocol.UNNEST), 0, 0);
        now = wallTime(change).minusSeconds(9);
        meters.written(plan, written(Protocol.UNNEST), 0, 0);

        assertThat(scraped("cdc_syncer_lag_seconds_count")).isEqualTo(3);
        assertThat(scraped("cdc_syncer_lag_seconds_sum")).isEqualTo(2.3);
        assertThat(scraped("cdc_syncer_lag_seconds_max")).isEqualTo(2);
        assertThat(lagUpTo("0.001")).isEqualTo(1); // a clock that is behind MongoDB's
        assertThat(lagUpTo("0.357913941")).isEqualTo(2);
        assertThat(lagUpTo("2.147483647")).isEqualTo(3);
        assertThat(lagUpTo("600.0")).isEqualTo(3);
    }

    private static ConsumerRecord<ByteBuffer, ByteBuffer> tombstone() {
        return Polled.tombstone(PARTITION, 1);
    }

    private double lagUpTo(String seconds) {
        return scraped("cdc_syncer_lag_seconds_bucket{le=\"%s\"}".formatted(seconds));
    }

    @Test
    @DisplayName("14.1: a batch without records, of which only the ledger moves, is not measured")
    void aBatchWithoutRecordsIsNotMeasured() {
        meters.written(plan(List.of()), written(Protocol.UNNEST), 5, 5);

        assertThat(scraped("cdc_syncer_plan_seconds_count")).isZero();
        assertThat(registry.scrape()).doesNotContain("cdc_syncer_flush", "cdc_syncer_batch_size");
    }

    @Test
    @DisplayName("14.1, I7: what waits for a worker is shown in records and in bytes")
    void whatWaitsIsShown() throws Exception {
        var limits = new BatchLimits(1, Duration.ofHours(1), true, 2, 1 << 20);
        var queue = new WorkQueue(new Workload(1, limits, 1 << 20), System::nanoTime);
        var chunk = new Chunk(new Claim(PARTITION), Polled.records(PARTITION, 0, 3), null);
        queue.put(List.of(chunk));

        meters.flow(4, queue);
        assertThat(scraped("cdc_syncer_queue_records")).isEqualTo(3);
        assertThat(scraped("cdc_syncer_queue_bytes")).isEqualTo((double) chunk.bytes());
        assertThat(scraped("cdc_syncer_partitions_paused")).isEqualTo(4);

        queue.done(Objects.requireNonNull(queue.take()));
        meters.flow(0, queue);
        assertThat(scraped("cdc_syncer_queue_records")).isEqualTo(1);
        assertThat(scraped("cdc_syncer_queue_bytes"))
                .isEqualTo((double) queue.bytes())
                .isPositive();
        assertThat(scraped("cdc_syncer_partitions_paused")).isZero();
    }
}
