package dev.cdcpipeline.cli.verify;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoCursor;
import com.mongodb.client.model.Projections;

import dev.cdcpipeline.model.DocumentKey;
import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.model.RawDocument;
import dev.cdcpipeline.syncer.schema.RowKey;

import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;

import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/** Compares one collection with its table. */
final class CollectionComparison {

    private static final int BATCH_SIZE = 1_000;
    private static final BsonDocumentCodec WHOLE = new BsonDocumentCodec();

    private final Namespace namespace;
    private final MongoCollection<RawBsonDocument> collection;
    private final Rows rows;
    private final RowFormat format;
    private final Differences differences;

    CollectionComparison(
            Namespace namespace,
            MongoCollection<RawBsonDocument> collection,
            Rows rows,
            RowFormat format,
            Differences differences) {
        this.namespace = namespace;
        this.collection = collection;
        this.rows = rows;
        this.format = format;
        this.differences = differences;
    }

    /** Compares, and returns how many documents there are. */
    long run() throws SQLException {
        boolean table = rows.exist();
        long documents = 0;
        long matched = 0;
        var batch = HashMap.<String, RawBsonDocument>newHashMap(BATCH_SIZE);
        try (MongoCursor<RawBsonDocument> cursor =
                collection.find().batchSize(BATCH_SIZE).cursor()) {
            while (cursor.hasNext()) {
                RawBsonDocument document = cursor.next();
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

    private void add(Map<String, RawBsonDocument> batch, RawBsonDocument document) {
        String rowKey = rowKey(document);
        if (batch.putIfAbsent(rowKey, document) != null) {
            // Row keys are injective; were they not, only one of the two could have the row.
            differences.add(new Difference.Missing(namespace, rowKey));
        }
    }

    /** By the bytes, as the Syncer: decoded text may be that of another document, too. */
    static String rowKey(RawBsonDocument document) {
        ByteBuffer bytes = document.getByteBuffer().asNIO();
        int start = bytes.arrayOffset() + bytes.position();
        return RowKey.of(DocumentKey.of(RawDocument.wrap(bytes.array(), start, bytes.remaining())));
    }

    private long compare(Map<String, RawBsonDocument> documents, Map<String, String> found) {
        documents.forEach(
                (rowKey, document) -> {
                    String row = found.get(rowKey);
                    if (row == null) {
                        differences.add(new Difference.Missing(namespace, rowKey));
                        return;
                    }
                    Mismatch mismatch = format.mismatch(document.decode(WHOLE), row);
                    if (mismatch != null) {
                        differences.add(new Difference.Different(namespace, rowKey, mismatch));
                    }
                });
        return found.size();
    }

    /** Reads MongoDB's identifiers once more, and looks for every row among them. */
    private void findSurplus() throws SQLException {
        var known = new KeyHashes();
        try (MongoCursor<RawBsonDocument> ids =
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
