package dev.cdcpipeline.syncer.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.model.wire.DocumentRenderer;
import dev.cdcpipeline.model.wire.RecordHeaders;
import dev.cdcpipeline.model.wire.RecordKind;
import dev.cdcpipeline.syncer.schema.TableNames;
import dev.cdcpipeline.syncer.support.Events;
import dev.cdcpipeline.syncer.support.Polled;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.bson.BsonInt32;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/** What becomes of a dead letter in its own topic, and of the stream around it. */
class PutBackLetterTest {
    private static final String TOPIC = "cdc.shop.orders";
    private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);
    private static final PartitionId ID = new PartitionId(new UUID(0, 1), TOPIC, 0);

    private final Events events = new Events(new Namespace("shop", "orders"));
    private final Planner planner =
            new Planner(
                    new TableNames("{db}", "{collection}", Map.of()),
                    DocumentRenderer.plain()::render);

    private Events.Event insert(int id) {
        return events.insert(Events.document(new BsonInt32(id), id));
    }

    @SafeVarargs
    private final BatchPlan plan(ConsumerRecord<ByteBuffer, ByteBuffer>... records) {
        var polled = new ArrayList<ConsumerRecord<ByteBuffer, ByteBuffer>>();
        for (var record : records) {
            polled.add(record);
        }
        var portion = new Portion(new Progress(ID, 0, null), Polled.copy(PARTITION, polled));
        return planner.plan(List.of(portion), Set.of());
    }

    private static ConsumerRecord<ByteBuffer, ByteBuffer> letter(
            long offset, Events.Event event, String... origins) {
        var record = Polled.record(PARTITION, offset, event);
        for (String origin : origins) {
            String[] parts = origin.split("=", 2);
            record.headers().add(parts[0], parts[1].getBytes(StandardCharsets.UTF_8));
        }
        return record;
    }

    private static List<String> keys(BatchPlan plan) {
        return plan.tables().stream()
                .flatMap(table -> table.upserts().stream())
                .map(RowChange.Upsert::key)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cdc.dlq.topic", "__connect.errors.topic", "kafka_dlt-original-topic"})
    @DisplayName(
            "case S9: a letter that is put back, whosever it is, is no part of the stream: what comes"
                    + " after it is not taken for applied, though the letter's place is beyond it")
    void aLetterIsNoPartOfTheStream(String origin) {
        Events.Event first = insert(1);
        Events.Event second = insert(2);
        Events.Event third = insert(3);

        BatchPlan plan =
                plan(
                        Polled.record(PARTITION, 0, first),
                        letter(1, third, origin + "=cdc.shop.orders"),
                        Polled.record(PARTITION, 2, second),
                        Polled.record(PARTITION, 3, first),
                        Polled.record(PARTITION, 4, second));

        assertThat(keys(plan)).containsExactly("1", "2", "3");
        assertThat(plan.tally().redelivered()).as("the repeated ones").isEqualTo(2);
        Stretch stretch = Objects.requireNonNull(plan.advances().getFirst().to().stretch());
        assertThat(stretch.since()).isEqualTo(first.headers().position());
        assertThat(stretch.reached()).isEqualTo(second.headers().position());
    }

    @Test
    @DisplayName(
            "case S9, I3: a letter that may be refused does not do away with the delete before it")
    void aLetterDoesNotCoverADelete() {
        BatchPlan plan =
                plan(
                        Polled.record(PARTITION, 0, events.delete(new BsonInt32(1))),
                        letter(1, insert(1), "cdc.dlq.topic=cdc.shop.orders"));

        TableChanges changes = plan.tables().getFirst();
        assertThat(changes.deletes()).extracting(RowChange.Delete::key).containsExactly("1");
        assertThat(changes.upserts()).extracting(RowChange.Upsert::key).containsExactly("1");
    }

    @Test
    @DisplayName("case S9: a copy that is put back is not taken for one that was made just now")
    void aCopyThatIsPutBack() {
        Events.Event event = insert(1);
        var headers = event.headers();
        var copy =
                new Events.Event(
                        event.event(),
                        new RecordHeaders(
                                null, headers.version(), RecordKind.SNAPSHOT, headers.stream()));

        BatchPlan plan = plan(letter(0, copy, "cdc.dlq.topic=cdc.shop.orders"));

        assertThat(plan.tables().getFirst().upserts().getFirst().late())
                .isEqualTo(new Late(ID, false, false));
    }

    @Test
    @DisplayName(
            "cases W3, S8: a record that cannot be read, or is not of the topic, leaves a gap: the"
                    + " event in it is applied when it comes again")
    void whatIsLeftOutLeavesAGap() {
        Events.Event first = insert(1);
        Events.Event second = insert(2);
        Events.Event third = insert(3);
        var unreadable = Polled.malformed(PARTITION, 1);
        second.headers().forEach(unreadable.headers()::add);
        for (var lost : List.of(unreadable, letter(1, second, "cdc.dlq.topic=elsewhere"))) {
            BatchPlan plan =
                    plan(
                            Polled.record(PARTITION, 0, first),
                            lost,
                            Polled.record(PARTITION, 2, third),
                            Polled.record(PARTITION, 3, second));

            assertThat(keys(plan)).containsExactly("1", "2", "3");
            assertThat(plan.tally().redelivered()).isZero();
        }
    }

    @Test
    @DisplayName(
            "I3: a change that may be refused waits for the next batch, where one that is not is"
                    + " before it, and an older one that is not, where it is before that")
    void whatMayBeRefusedIsNotInOneBatchWithWhatIsNot() {
        Events.Event first = insert(1);
        Events.Event later = events.update(Events.document(new BsonInt32(1), 2));

        BatchPlan lateComesLast =
                plan(
                        Polled.record(PARTITION, 0, first),
                        letter(1, later, "cdc.dlq.topic=" + TOPIC));
        assertThat(lateComesLast.tally().endsEarly()).isTrue();
        assertThat(lateComesLast.tally().records()).isEqualTo(1);

        BatchPlan lateComesFirst =
                plan(
                        letter(0, later, "cdc.dlq.topic=" + TOPIC),
                        Polled.record(PARTITION, 1, first));
        assertThat(lateComesFirst.tally().endsEarly()).isTrue();
        assertThat(lateComesFirst.tally().records()).isEqualTo(1);

        BatchPlan olderLateComesLast =
                plan(
                        Polled.record(PARTITION, 0, later),
                        letter(1, first, "cdc.dlq.topic=" + TOPIC));
        assertThat(olderLateComesLast.tally().endsEarly()).isFalse();
    }

    @Test
    @DisplayName("7.2: what is not older than the newest delete of its partition is not looked up")
    void whatIsNotOlderIsNotLookedUp() {
        Events.Event delete = events.delete(new BsonInt32(1));
        Events.Event event = insert(2);
        var together = // of one transaction
                new Events.Event(
                        event.event(),
                        new RecordHeaders(
                                event.headers().position(),
                                delete.headers().version(),
                                RecordKind.CHANGE,
                                event.headers().stream()));

        BatchPlan plan =
                plan(Polled.record(PARTITION, 0, delete), Polled.record(PARTITION, 1, together));

        assertThat(plan.tables().getFirst().upserts().getFirst().late()).isNull();
    }

    @Test
    @DisplayName("case S9, I3: so is a letter of another program's record that is put back")
    void aForeignRecordThatIsPutBackIsLookedUp() {
        Events.Event event = insert(1);
        var bare = Polled.record(PARTITION, 0, event);
        event.headers().forEach((name, _) -> bare.headers().remove(name));
        bare.headers().add("__connect.errors.topic", TOPIC.getBytes(StandardCharsets.UTF_8));

        assertThat(plan(bare).tables().getFirst().upserts().getFirst().late())
                .isEqualTo(new Late(ID, false, false));
    }

    @Test
    @DisplayName(
            "cases S8, S9: a letter of a letter is put back where one of its origins is the topic,"
                    + " and stray where none is")
    void aLetterOfALetter() {
        BatchPlan plan =
                plan(
                        letter(
                                0,
                                insert(1),
                                "cdc.dlq.topic=cdc.shop.orders",
                                "__connect.errors.topic=cdc.dead-letter"),
                        letter(
                                1,
                                insert(2),
                                "cdc.dlq.topic=cdc.shop.customers",
                                "kafka_dlt-original-topic=cdc.dead-letter"));

        assertThat(keys(plan)).containsExactly("1");
        assertThat(plan.tally().strayLetters()).containsExactly(Map.entry(PARTITION.topic(), 1));
    }
}
