package dev.cdcpipeline.syncer.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.model.wire.DocumentRenderer;
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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/** What becomes of a dead letter in its own topic, and of the stream around it. */
class PutBackLetterTest {
    private static final TopicPartition PARTITION = new TopicPartition("cdc.shop.orders", 0);

    private final Events events = new Events(new Namespace("shop", "orders"));
    private final Planner planner =
            new Planner(
                    new TableNames("{db}", "{collection}", Map.of()),
                    DocumentRenderer.plain()::render);

    private Events.Event insert(int id) {
        return events.insert(Events.document(new BsonInt32(id), id));
    }

    @SafeVarargs
    private BatchPlan plan(ConsumerRecord<ByteBuffer, ByteBuffer>... records) {
        var id = new PartitionId(new UUID(0, 1), PARTITION.topic(), 0);
        var portion =
                new Portion(new Progress(id, 0, null), Polled.copy(PARTITION, List.of(records)));
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
                        Polled.record(PARTITION, 3, first));

        assertThat(keys(plan)).containsExactly("1", "2", "3");
        assertThat(plan.tally().redelivered()).as("the repeated one").isEqualTo(1);
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
