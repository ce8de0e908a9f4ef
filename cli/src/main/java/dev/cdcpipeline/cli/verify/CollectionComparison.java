package dev.cdcpipeline.cli.verify;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoCursor;
import com.mongodb.client.model.Projections;

import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.syncer.schema.RowKey;

import org.bson.BsonDocument;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** Compares one collection with its table. */
final class CollectionComparison {

    private static final int BATCH_SIZE = 1_000;

    private final Namespace namespace;
    private final MongoCollection<BsonDocument> collection;
    private final Rows rows;
    private final Differences differences;

    CollectionComparison(
            Namespace namespace,
            MongoCollection<BsonDocument> collection,
            Rows rows,
            Differences differences) {
        this.namespace = namespace;
        this.collection = collection;
        this.rows = rows;
        this.differences = differences;
    }

    /** Compares, and returns how many documents there are. */
    long run() throws SQLException {
        boolean table = rows.exist();
        long documents = 0;
        long matched = 0;
        var batch = HashMap.<String, BsonDocument>newHashMap(BATCH_SIZE);
        try (MongoCursor<BsonDocument> cursor = collection.find().batchSize(BATCH_SIZE).cursor()) {
            while (cursor.hasNext()) {
                BsonDocument document = cursor.next();
                documents++;
                add(batch, document);
                if (batch.size() == BATCH_SIZE || !cursor.hasNext()) {
                    matched += compare(batch, table ? rows.find(batch.keySet()) : Map.of());
                    batch.clear();
                }
            }
        }
        // Row keys are unique, so only a higher count tells of rows without a document.
        if (table && rows.count() > matched) {
            findSurplus();
        }
        return documents;
    }

    private void add(Map<String, BsonDocument> batch, BsonDocument document) {
        String rowKey = rowKey(document);
        if (batch.putIfAbsent(rowKey, document) != null) {
            // Row keys are injective; were they not, only one of the two could have the row.
            differences.add(new Difference.Missing(namespace, rowKey));
        }
    }

    private static String rowKey(BsonDocument document) {
        return RowKey.of(
                Objects.requireNonNull(document.get("_id"), "MongoDB gives every document an _id"));
    }

    private long compare(Map<String, BsonDocument> documents, Map<String, String> found) {
        documents.forEach(
                (rowKey, document) -> {
                    String json = found.get(rowKey);
                    if (json == null) {
                        differences.add(new Difference.Missing(namespace, rowKey));
                        return;
                    }
                    Mismatch mismatch = Matching.mismatch(document, JsonParser.parse(json));
                    if (mismatch != null) {
                        differences.add(new Difference.Different(namespace, rowKey, mismatch));
                    }
                });
        return found.size();
    }

    /** Reads MongoDB's identifiers once more, and looks for every row among them. */
    private void findSurplus() throws SQLException {
        var known = new KeyHashes();
        try (MongoCursor<BsonDocument> ids =
                collection.find().projection(Projections.include("_id")).cursor()) {
            ids.forEachRemaining(id -> known.add(rowKey(id)));
        }
        known.sort();
        rows.forEachKey(
                rowKey -> {
                    if (!known.contains(rowKey)) {
                        differences.add(new Difference.Surplus(namespace, rowKey));
                    }
                });
    }
}
