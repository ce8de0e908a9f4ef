package dev.cdcpipeline.syncer.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.model.wire.DocumentRenderer;
import dev.cdcpipeline.model.wire.RecordHeaders;
import dev.cdcpipeline.syncer.schema.TableNames;
import dev.cdcpipeline.testkit.Property;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;

class PlannerTest {
    private static final String TOPIC = "topic";
    private static final String GOOD =
            """
            {"operationType":"insert","ns":{"db":"shop","coll":"orders"},"documentKey":{"_id":1},"fullDocument":{"_id":1}}""";

    @ParameterizedTest(name = "4.4: the place of what is wrong is one in the message: {0}, {1}")
    @CsvSource(
            delimiter = ';',
            value = {
                "JSON; {\"operationType\":\"insert\"?; 25",
                "JSON; {\"operationType\":\"insert\",\"ns\":{\"coll\":\"orders\"},\"fullDocument\":{}}; 0",
                "JSON; {\"operationType\":\"insert\",\"ns\":{\"db\":\"shop\",\"coll\":\"orders\"},\"documentKey\":{\"_id\":2},\"fullDocument\":{\"a\":tru}}; 105",
                "BSON; {\"operationType\":\"insert\",\"ns\":{\"coll\":\"orders\"},\"fullDocument\":{}}; 0",
                "BSON; {\"_id\":{\"_data\":\"x\"},\"operationType\":\"insert\"}; 0",
                "BSON; {\"operationType\":7}; 19"
            })
    void thePlaceOfWhatIsWrongIsOneInTheMessage(String wire, String wrong, int place) {
        byte[] bad =
                wire.equals("JSON")
                        ? wrong.getBytes(StandardCharsets.UTF_8)
                        : bytes(RawBsonDocument.parse(wrong));
        BatchPlan plan = planWithAGoodOneBefore(bad);

        assertThat(plan.tables()).hasSize(1);
        assertThat(plan.bad()).hasSize(1);
        assertThat(plan.bad().getFirst().record().value()).isEqualTo(bad);
        assertThat(plan.bad().getFirst().cause()).hasMessageEndingWith(", at byte " + place);
    }

    @ParameterizedTest(name = "I6: a letter's stack hash is of where the code found it: {1}")
    @CsvSource(
            delimiter = ';',
            value = {
                "{\"operationType\":\"insert\"?; JsonInput",
                "{\"operationType\":7}; EventFields",
                "{\"operationType\":\"delete\",\"ns\":{\"coll\":\"orders\"}}; Namespace"
            })
    void whatIsWrongSaysWhereTheCodeFoundIt(String wrong, String finder) {
        BatchPlan plan = planWithAGoodOneBefore(wrong.getBytes(StandardCharsets.UTF_8));

        StackTraceElement first = plan.bad().getFirst().cause().getStackTrace()[0];
        assertThat(first.getClassName()).endsWith("." + finder);
    }

    @ParameterizedTest(name = "4.2: events in a form that is not the usual are planned alike: {0}")
    @ValueSource(strings = {"none", "change", "snapshot", "sweep"})
    void eventsInAnotherFormArePlannedAlike(String kind) {
        Property.forAll(
                300,
                PlannerTest::usualEvents,
                events -> {
                    List<String> others =
                            events.stream()
                                    .map(each -> each.replaceFirst("}$", ",\"x\":1}"))
                                    .toList();
                    assertThat(said(plan(events, kind))).isEqualTo(said(plan(others, kind)));
                });
    }

    @Test
    @DisplayName("6.1: tables and their keys are sorted, so that writers lock rows in one order")
    void tablesAndTheirKeysAreSorted() {
        Property.forAll(
                300,
                PlannerTest::usualEvents,
                events -> {
                    List<TableChanges> tables = plan(events, "change").tables();
                    assertRises(tables.stream().map(TableChanges::table).toList());
                    for (TableChanges table : tables) {
                        assertRises(table.deletes().stream().map(RowChange::key).toList());
                        assertRises(table.upserts().stream().map(RowChange::key).toList());
                    }
                });
    }

    private static <T extends Comparable<T>> void assertRises(List<T> values) {
        assertThat(values).isSorted().doesNotHaveDuplicates();
    }

    private static List<String> usualEvents(RandomGenerator random) {
        var events = new ArrayList<String>();
        for (int i = random.nextInt(1, 12); i > 0; i--) {
            String operation =
                    List.of("insert", "update", "replace", "delete").get(random.nextInt(4));
            String id =
                    random.nextBoolean()
                            ? "{\"$oid\":\"65f0c0ffee012345678900%02x\"}"
                                    .formatted(random.nextInt(3))
                            : "\"%d\"".formatted(random.nextInt(3));
            boolean hasDocument = !operation.equals("delete") || random.nextBoolean();
            String wallTime =
                    ",\"wallTime\":{\"$date\":\"2026-05-01T12:30:0%dZ\"}".formatted(i % 10);
            events.add(
                    """
                    {"_id":{"_data":"82%02x"},"operationType":"%s","clusterTime":{"$timestamp":{"t":7,"i":%d}}%s,\
                    "ns":{"db":"shop","coll":"c%d"},"documentKey":{"_id":%s}%s}"""
                            .formatted(
                                    random.nextInt(90),
                                    operation,
                                    random.nextInt(20),
                                    random.nextBoolean() ? wallTime : "",
                                    random.nextInt(2),
                                    id,
                                    hasDocument ? ",\"fullDocument\":{\"a\":" + i + "}" : ""));
        }
        return events;
    }

    private static BatchPlan plan(List<String> events, String kind) {
        var records = new ArrayList<ConsumerRecord<ByteBuffer, ByteBuffer>>();
        for (int i = 0; i < events.size(); i++) {
            var record = record(i, events.get(i).getBytes(StandardCharsets.UTF_8));
            if (!kind.equals("none")) {
                byte[] version = {0, 0, 0, 0, 0, 0, 0, (byte) (31 * i % 9)};
                record.headers().add(RecordHeaders.VERSION, version);
                record.headers().add(RecordHeaders.KIND, kind.getBytes(StandardCharsets.US_ASCII));
            }
            records.add(record);
        }
        return plan(records);
    }

    /** All that a plan says, in words. */
    private static List<Object> said(BatchPlan plan) {
        var said = new ArrayList<Object>(List.of(plan.advances(), plan.sweeps()));
        for (TableChanges table : plan.tables()) {
            said.add(table.table());
            said.add(table.deletes());
            table.upserts()
                    .forEach(
                            each ->
                                    said.add(
                                            List.of(
                                                    each.key(),
                                                    each.version(),
                                                    each.json().text(),
                                                    each.likelyNew())));
        }
        said.addAll(plan.tally().sourceMillis());
        said.add(plan.bad().size());
        return said;
    }

    private static BatchPlan planWithAGoodOneBefore(byte[] bad) {
        byte[] good = GOOD.getBytes(StandardCharsets.UTF_8);
        return plan(List.of(record(0, good), record(1, bad)));
    }

    private static BatchPlan plan(List<ConsumerRecord<ByteBuffer, ByteBuffer>> polled) {
        var partition = new TopicPartition(TOPIC, 0);
        List<Records> records = new RecordBlocks(1 << 20).copy(partition, polled);
        var names = new TableNames("{db}", "{collection}", Map.of());
        var planner = new Planner(names, DocumentRenderer.plain()::render);
        var from = new Progress(new PartitionId(new UUID(0, 1), TOPIC, 0), 0, null);
        return planner.plan(List.of(new Portion(from, records)), Set.of());
    }

    private static byte[] bytes(RawBsonDocument document) {
        var buffer = document.getByteBuffer();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private static ConsumerRecord<ByteBuffer, ByteBuffer> record(long offset, byte[] value) {
        return new ConsumerRecord<>(
                TOPIC, 0, offset, ByteBuffer.allocate(0), ByteBuffer.wrap(value));
    }
}
