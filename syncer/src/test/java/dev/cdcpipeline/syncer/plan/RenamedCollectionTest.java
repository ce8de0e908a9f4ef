package dev.cdcpipeline.syncer.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.model.wire.DocumentRenderer;
import dev.cdcpipeline.model.wire.RecordHeaders;
import dev.cdcpipeline.syncer.schema.TableNames;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Which tables a record that ends a collection sweeps. */
class RenamedCollectionTest {
    private static final String RENAME =
            """
            {"_id":{"_data":"8201"},"operationType":"rename","clusterTime":{"$timestamp":{"t":7,"i":1}},\
            "ns":{"db":"shop","coll":"drafts"},"to":{"db":"%s","coll":"orders"}}""";

    private final TableNames perDatabase = new TableNames("{db}", "{collection}", Map.of());

    @ParameterizedTest(name = "case W1: a former Watcher''s rename in the topic {0} is about {1}")
    @CsvSource({
        "cdc.shop.drafts, shop.drafts",
        "cdc.shop.orders, shop.orders",
        "other.cdc.shop.orders, shop.orders",
        "cdc.shop.or_ders-0123456789abcdef, shop.drafts shop.orders",
    })
    void followsARenameOfAFormerWatcher(String topic, String swept) {
        assertThat(swept(topic, RENAME.formatted("shop"), true, perDatabase)).isEqualTo(swept);
    }

    @ParameterizedTest
    @CsvSource({"cdc.shop.drafts", "all"})
    @DisplayName("case W1: the official connector's rename is in one topic, about both names")
    void followsARenameOfTheConnector(String topic) {
        assertThat(swept(topic, RENAME.formatted("shop"), false, perDatabase))
                .isEqualTo("shop.drafts shop.orders");
    }

    @Test
    @DisplayName("case W1: our own sweep names the collection of its topic, whatever brought it")
    void followsASweepThatSaysItsCause() {
        String sweep =
                """
                {"_id":{"_data":"8201"},"operationType":"sweep","clusterTime":{"$timestamp":{"t":7,"i":1}},\
                "ns":{"db":"shop","coll":"orders"},"cause":"rename"}""";
        assertThat(swept("cdc.shop.orders", sweep, true, perDatabase)).isEqualTo("shop.orders");
        assertThat(swept("cdc.shop.orders", sweep, false, perDatabase)).isEqualTo("shop.orders");
    }

    @Test
    @DisplayName("case W1: a new name whose table would be another collection's is left alone")
    void leavesTheTableOfAnotherCollectionAlone() {
        var together = new TableNames("public", "{collection}", Map.of());
        together.of(new Namespace("shop", "orders"));

        assertThat(swept("all", RENAME.formatted("archive"), false, together))
                .isEqualTo("public.drafts");
    }

    private static String swept(String topic, String value, boolean ours, TableNames names) {
        var record =
                new ConsumerRecord<>(
                        topic,
                        0,
                        0,
                        ByteBuffer.allocate(0),
                        ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8)));
        if (ours) {
            record.headers().add(RecordHeaders.VERSION, new byte[] {0, 0, 0, 3, 0, 0, 0, 1});
            record.headers().add(RecordHeaders.KIND, "sweep".getBytes(StandardCharsets.US_ASCII));
        }
        var partition = new TopicPartition(topic, 0);
        List<Records> records = new RecordBlocks(1 << 20).copy(partition, List.of(record));
        var planner = new Planner(names, DocumentRenderer.plain()::render);
        var from = new Progress(new PartitionId(new UUID(0, 1), topic, 0), 0, null);
        BatchPlan plan = planner.plan(List.of(new Portion(from, records)), Set.of());
        assertThat(plan.bad()).isEmpty();
        assertThat(plan.sweeps()).allMatch(mark -> mark.everywhere() == ours);
        return String.join(
                " ",
                plan.sweeps().stream()
                        .map(mark -> mark.table().schema() + "." + mark.table().table())
                        .toList());
    }
}
