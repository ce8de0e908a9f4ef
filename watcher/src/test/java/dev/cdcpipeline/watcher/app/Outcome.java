package dev.cdcpipeline.watcher.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.model.ChangeEvent;
import dev.cdcpipeline.model.OperationType;
import dev.cdcpipeline.model.RawDocument;
import dev.cdcpipeline.model.Version;
import dev.cdcpipeline.model.wire.RecordKind;

import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * What one who reads the records as docs/reference/wire-format.md says has of a collection: by the
 * versions alone, with ids compared as MongoDB compares them, and nothing of the code that is under
 * test.
 */
final class Outcome {
    private final Map<Where, Partition> partitions = new HashMap<>();

    private record Where(String topic, int partition) {}

    /** A document, null when it was deleted. */
    private record Row(Version version, @Nullable BsonDocument document) {}

    /** Takes the next record of a topic's partition. */
    void add(String topic, Topic.Published record) {
        partitions
                .computeIfAbsent(new Where(topic, record.partition()), _ -> new Partition())
                .add(record);
    }

    /** The documents of a topic's collection, by canonical {@code _id}. */
    Map<String, BsonDocument> documents(String topic) {
        Map<String, BsonDocument> all = new TreeMap<>();
        partitions.forEach(
                (where, partition) -> {
                    if (where.topic().equals(topic)) {
                        partition.rows.forEach(
                                (key, row) -> {
                                    if (row.document() != null) {
                                        assertThat(all.put(key, row.document()))
                                                .as("%s in two partitions", key)
                                                .isNull();
                                    }
                                });
                    }
                });
        return all;
    }

    /** An {@code _id} as MongoDB compares it: 1, 1L, 1.0 and Decimal128 1 are one. */
    static String key(BsonValue id) {
        BigDecimal number =
                switch (id.getBsonType()) {
                    case INT32 -> BigDecimal.valueOf(id.asInt32().getValue());
                    case INT64 -> BigDecimal.valueOf(id.asInt64().getValue());
                    case DOUBLE -> new BigDecimal(id.asDouble().getValue());
                    case DECIMAL128 -> id.asDecimal128().getValue().bigDecimalValue();
                    default -> null;
                };
        return number == null ? id.toString() : number.stripTrailingZeros().toPlainString();
    }

    /** What a partition makes of the documents whose records it gets. */
    private static final class Partition {
        private final Map<String, Row> rows = new HashMap<>();
        private final Map<String, Version> newest = new HashMap<>();
        private final Set<String> seen = new HashSet<>();
        private Version swept = Version.ZERO;

        void add(Topic.Published record) {
            Version version = record.headers().version();
            if (record.headers().kind() == RecordKind.SWEEP) {
                swept = swept.compareTo(version) < 0 ? version : swept;
                rows.values().removeIf(row -> row.version().compareTo(swept) < 0);
                return;
            }
            ChangeEvent event = record.event();
            String key = key(Objects.requireNonNull(event.documentKey()).id());
            checkOrder(event, key, version);
            Row row = rows.get(key);
            if (version.compareTo(swept) >= 0
                    && (row == null || row.version().compareTo(version) <= 0)) {
                put(key, version, event);
            }
        }

        /** An update whose document was gone when it was looked up says nothing of the row. */
        private void put(String key, Version version, ChangeEvent event) {
            RawDocument document = event.fullDocument();
            switch (event.operationType()) {
                case INSERT, REPLACE ->
                        rows.put(
                                key,
                                new Row(
                                        version,
                                        Objects.requireNonNull(document).toBsonDocument()));
                case UPDATE -> {
                    if (document != null) {
                        rows.put(key, new Row(version, document.toBsonDocument()));
                    }
                }
                case DELETE -> rows.put(key, new Row(version, null));
                case DROP, RENAME, DROP_DATABASE, INVALIDATE, OTHER ->
                        throw new AssertionError("there is a " + event.operationName());
            }
        }

        /** What is new of a document is never older than what was new before. */
        private void checkOrder(ChangeEvent event, String key, Version version) {
            OperationType operation = event.operationType();
            boolean whole = operation == OperationType.INSERT || operation == OperationType.REPLACE;
            if (seen.add(event.resumeToken().toHex()) && whole) {
                Version before = newest.put(key, version);
                if (before != null) {
                    assertThat(version)
                            .as("%s of %s after a later one", operation, key)
                            .isGreaterThanOrEqualTo(before);
                }
            }
        }
    }
}
