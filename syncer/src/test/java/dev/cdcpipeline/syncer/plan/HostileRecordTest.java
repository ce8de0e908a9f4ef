package dev.cdcpipeline.syncer.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.model.BsonBuffer;
import dev.cdcpipeline.model.BsonBytes;
import dev.cdcpipeline.model.BsonCursor;
import dev.cdcpipeline.model.ChangeEvent;
import dev.cdcpipeline.model.DocumentKey;
import dev.cdcpipeline.model.RawDocument;
import dev.cdcpipeline.model.wire.DocumentRenderer;
import dev.cdcpipeline.model.wire.EventWriter;
import dev.cdcpipeline.model.wire.RecordHeaders;
import dev.cdcpipeline.model.wire.WireFormat;
import dev.cdcpipeline.syncer.schema.TableName;
import dev.cdcpipeline.syncer.schema.TableNames;
import dev.cdcpipeline.syncer.support.RawIds;
import dev.cdcpipeline.testkit.BsonGen;
import dev.cdcpipeline.testkit.Gen;
import dev.cdcpipeline.testkit.Property;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** Whatever the bytes of a record are, a plan is made, and the records beside it are in it. */
class HostileRecordTest {
    private static final String TOPIC = "topic";
    private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);
    private static final byte[] NONE = {};
    private static final int LARGEST = 20_000;
    private static final TableName GOOD_TABLE = new TableName("good good", "good");
    private static final byte[] GOOD =
            """
            {"operationType":"insert","ns":{"db":"good good","coll":"good"},"documentKey":{"_id":1},"fullDocument":{"_id":1}}"""
                    .getBytes(StandardCharsets.UTF_8);

    @ParameterizedTest(
            name = "I6, case W4: an id of 35 digits is a row, that of 0 as MongoDB has it, in {0}")
    @EnumSource
    void anIdOf35DigitsIsARow(WireFormat wire) {
        byte[] id = HexFormat.of().parseHex("01000000648e8d37c087adbe09ed4130");
        byte[] event = event("insert", RawIds.of(BsonBytes.DECIMAL128, id), RawDocument.EMPTY);
        byte[] value = new EventWriter(wire).value(ChangeEvent.of(RawDocument.wrap(event)));
        BatchPlan plan =
                plans(List.of(record(0, NONE, value)), DocumentRenderer.plain()::render).getFirst();

        assertThat(plan.bad()).isEmpty();
        assertThat(plan.tables().getFirst().upserts().getFirst().key()).isEqualTo("0");
    }

    @Test
    @DisplayName("I6: 10,000 damaged records are planned or set aside, and no other with them")
    void damagedRecordsArePlannedOrSetAside() {
        Property.forAll(
                500,
                HostileRecordTest::damaged,
                records -> {
                    check(plans(records, DocumentRenderer.plain()::render), records.size());
                    check(plans(records, DocumentRenderer.extended()::render), records.size());
                });
    }

    private static void check(List<BatchPlan> plans, int records) {
        assertThat(plans.stream().mapToInt(plan -> plan.tally().records()).sum())
                .isEqualTo(records);
        assertThat(plans.getFirst().tables())
                .filteredOn(table -> table.table().equals(GOOD_TABLE))
                .singleElement()
                .satisfies(good -> assertThat(good.upserts()).hasSize(1));
    }

    /** Twenty records, most of them damaged, and a good one before them. */
    private static List<ConsumerRecord<ByteBuffer, ByteBuffer>> damaged(RandomGenerator random) {
        var records = new ArrayList<>(List.of(record(0, NONE, GOOD)));
        while (records.size() <= 20) {
            byte[] value = message(random);
            byte[] key = random.nextInt(4) == 0 ? message(random) : key(random);
            for (int times = random.nextInt(-2, 4); times > 0; times--) {
                value = mutated(value, random);
            }
            var record =
                    record(
                            records.size(),
                            random.nextBoolean() ? key : mutated(key, random),
                            value);
            addHeaders(record, random);
            records.add(record);
        }
        return records;
    }

    /** The key of a record, sometimes one by the resume token. */
    private static byte[] key(RandomGenerator random) {
        RawDocument key = documentKey(random);
        byte[] inner = random.nextBoolean() ? token() : key.toBytes();
        RawDocument id = random.nextInt(3) == 0 ? RawIds.of(BsonBytes.DOCUMENT, inner) : key;
        return new EventWriter(wire(random)).key(DocumentKey.of(id));
    }

    private static byte[] message(RandomGenerator random) {
        while (true) {
            byte[] event =
                    random.nextInt(3) == 0 ? BsonGen.eventBytes().next(random) : event(random);
            if (event.length < LARGEST) {
                return new EventWriter(wire(random)).value(ChangeEvent.of(RawDocument.wrap(event)));
            }
        }
    }

    private static WireFormat wire(RandomGenerator random) {
        return random.nextBoolean() ? WireFormat.JSON : WireFormat.BSON;
    }

    private static byte[] event(RandomGenerator random) {
        String operation =
                Gen.<String>elements("insert", "update", "replace", "delete").next(random);
        RawDocument document = RawDocument.wrap(BsonGen.documentBytes().next(random));
        return event(operation, documentKey(random), document);
    }

    private static byte[] event(String operation, RawDocument key, RawDocument document) {
        var event = new BsonBuffer(1024);
        int start = event.startDocument();
        event.putDocument("_id", RawDocument.wrap(token()));
        event.putString("operationType", operation);
        int ns = event.startDocument(BsonBytes.DOCUMENT, "ns");
        event.putString("db", "shop");
        event.putString("coll", "things");
        event.endDocument(ns);
        event.putDocument("documentKey", key);
        event.putDocument("fullDocument", document);
        event.endDocument(start);
        return event.toBytes();
    }

    private static byte[] token() {
        var token = new BsonBuffer(64);
        int start = token.startDocument();
        token.putString("_data", "82AB");
        token.endDocument(start);
        return token.toBytes();
    }

    /** Any number, or a field of a hostile document, or all of it, as an {@code _id}. */
    private static RawDocument documentKey(RandomGenerator random) {
        if (random.nextInt(8) == 0) {
            return RawIds.of(BsonBytes.DECIMAL128, Gen.bytes(16, 16).next(random));
        }
        RawDocument document = RawDocument.wrap(BsonGen.documentBytes().next(random));
        BsonCursor field = document.cursor();
        RawDocument id = RawIds.of(BsonBytes.DOCUMENT, document.toBytes());
        for (int i = random.nextInt(8); i > 0 && field.next(); i--) {
            id =
                    RawIds.of(
                            field.type(),
                            Arrays.copyOfRange(
                                    field.array(), field.valueStart(), field.valueEnd()));
        }
        return id;
    }

    private static void addHeaders(
            ConsumerRecord<ByteBuffer, ByteBuffer> record, RandomGenerator random) {
        if (random.nextBoolean()) {
            byte[] version = random.nextInt(8) == 0 ? bytes(random) : new byte[Long.BYTES];
            String kind =
                    Gen.<String>elements("change", "change", "snapshot", "sweep", "x").next(random);
            record.headers().add(RecordHeaders.VERSION, version);
            record.headers().add(RecordHeaders.KIND, kind.getBytes(StandardCharsets.US_ASCII));
        }
        if (random.nextInt(8) == 0) {
            record.headers().add(RecordHeaders.POSITION, bytes(random));
        }
    }

    private static byte[] bytes(RandomGenerator random) {
        return Gen.bytes(0, 20).next(random);
    }

    /** With a byte changed, taken out or put in, or cut off; BSON with its length set right. */
    private static byte[] mutated(byte[] message, RandomGenerator random) {
        int at = random.nextInt(message.length + 1);
        int skipped = Math.min(random.nextInt(3), message.length - at);
        byte[] put = random.nextBoolean() ? Gen.bytes(1, 1).next(random) : new byte[0];
        int end = random.nextInt(8) == 0 ? at + skipped : message.length;
        byte[] mutated =
                ByteBuffer.allocate(at + put.length + end - at - skipped)
                        .put(message, 0, at)
                        .put(put)
                        .put(message, at + skipped, end - at - skipped)
                        .array();
        if (mutated.length > 4 && mutated[0] != '{' && random.nextInt(4) > 0) {
            BsonBytes.putInt32(mutated, 0, mutated.length);
        }
        return mutated;
    }

    /** Several where one ends early. */
    private static List<BatchPlan> plans(
            List<ConsumerRecord<ByteBuffer, ByteBuffer>> polled, DocumentFormat format) {
        List<Records> records = new RecordBlocks(1 << 20).copy(PARTITION, polled);
        var planner = new Planner(new TableNames("{db}", "{collection}", Map.of()), format);
        var at = new Progress(new PartitionId(new UUID(0, 1), TOPIC, 0), 0, null);
        var plans = new ArrayList<BatchPlan>();
        do {
            plans.add(planner.plan(List.of(new Portion(at, records)), Set.of()));
            at = plans.getLast().advances().getFirst().to();
        } while (plans.getLast().tally().endsEarly());
        return plans;
    }

    private static ConsumerRecord<ByteBuffer, ByteBuffer> record(
            long offset, byte[] key, byte[] value) {
        return new ConsumerRecord<>(TOPIC, 0, offset, ByteBuffer.wrap(key), ByteBuffer.wrap(value));
    }
}
