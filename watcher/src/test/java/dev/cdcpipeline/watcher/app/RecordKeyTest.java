package dev.cdcpipeline.watcher.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;

import dev.cdcpipeline.model.wire.RecordKind;

import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** All records of a document are in one partition, whatever may change while it lives. */
class RecordKeyTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    @RegisterExtension private static final Servers servers = new Servers();

    private final String database = servers.mongo.newDatabase();

    @TempDir private Path folder;

    private RunningWatcher start(String format) {
        return RunningWatcher.startReady(
                servers.environment(
                        database,
                        folder,
                        "WATCHER_WIRE_FORMAT",
                        format,
                        "WATCHER_TOPIC_PARTITIONS",
                        "4"));
    }

    private MongoCollection<BsonDocument> orders() {
        return servers.client.getDatabase(database).getCollection("orders", BsonDocument.class);
    }

    private List<Topic.Published> awaitChanges(int count) {
        List<Topic.Published> records = new ArrayList<>();
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .untilAsserted(
                        () -> {
                            records.clear();
                            servers.published(database, "orders").stream()
                                    .filter(each -> each.headers().kind() == RecordKind.CHANGE)
                                    .forEach(records::add);
                            assertThat(records).hasSizeGreaterThanOrEqualTo(count);
                        });
        return records;
    }

    private static BsonDocument document(int id) {
        String value =
                switch (id % 6) {
                    case 0 -> Integer.toString(id);
                    case 1 -> "{$numberLong: '%d'}".formatted(id);
                    case 2 -> id + ".5";
                    case 3 -> "'name %d'".formatted(id);
                    case 4 -> "{shop: {$numberLong: '1'}, no: %d.0}".formatted(id);
                    default -> "{$oid: '%024x'}".formatted(id);
                };
        return BsonDocument.parse("{_id: %s}".formatted(value));
    }

    @ParameterizedTest(name = "case W2: {0}, then {1}: a document keeps its partition")
    @CsvSource({"json, bson", "bson, json"})
    void aDocumentKeepsItsPartitionWhenTheWireFormatChanges(String first, String second)
            throws Exception {
        int count = 1_200;
        List<BsonDocument> documents = new ArrayList<>();
        for (int id = 0; id < count; id++) {
            documents.add(document(id));
        }
        try (RunningWatcher watcher = start(first)) {
            orders().insertMany(documents);
            awaitChanges(count);
            watcher.stop();
        }
        try (RunningWatcher watcher = start(second)) {
            orders().deleteMany(new BsonDocument());
            awaitChanges(2 * count);
            watcher.stop();
        }
        Map<BsonValue, Set<String>> places =
                servers.published(database, "orders").stream()
                        .collect(
                                Collectors.groupingBy(
                                        RecordKeyTest::id,
                                        Collectors.mapping(
                                                each -> each.partition() + " " + each.key(),
                                                Collectors.toSet())));
        assertThat(places).hasSize(count).allSatisfy((_, place) -> assertThat(place).hasSize(1));
        assertThat(places.values().stream().flatMap(Set::stream).map(each -> each.charAt(0)))
                .contains('0', '1', '2', '3');
    }

    private static BsonValue id(Topic.Published record) {
        return Objects.requireNonNull(record.event().documentKey()).id();
    }

    @Test
    @DisplayName(
            "case W4: a replace that changes the type of the _id, the updates and the delete after"
                    + " it are in the document's partition, each with its document")
    void theTypeOfTheIdMayChange() throws Exception {
        try (RunningWatcher watcher = start("json")) {
            orders().insertOne(BsonDocument.parse("{_id: 1, v: 1}"));
            orders().replaceOne(
                            Filters.eq(1), BsonDocument.parse("{_id: {$numberLong: '1'}, v: 2}"));
            orders().updateOne(Filters.eq(1.0), Updates.set("v", 3));
            awaitChanges(3);
            orders().replaceOne(Filters.eq(1), BsonDocument.parse("{_id: 1.0, v: 4}"));
            orders().updateOne(Filters.eq(1L), Updates.set("v", 5));
            awaitChanges(5);
            orders().deleteOne(Filters.eq(1));
            orders().insertOne(BsonDocument.parse("{_id: {$numberDecimal: '1.00'}, v: 6}"));
            orders().updateOne(Filters.eq(1), Updates.set("v", 7));
            awaitChanges(8);
            watcher.stop();
        }
        List<Topic.Published> records = servers.published(database, "orders");
        assertThat(records).extracting(Topic.Published::key).containsOnly("{\"_id\":1}");
        assertThat(records)
                .extracting(Topic.Published::partition)
                .containsOnly(records.getFirst().partition());
        assertThat(records)
                .extracting(each -> each.event().operationName())
                .containsExactly(
                        "insert", "replace", "update", "replace", "update", "delete", "insert",
                        "update");
    }
}
