package dev.cdcpipeline.cli.verify;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;

import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.syncer.app.DocFormat;
import dev.cdcpipeline.syncer.schema.TableName;

import org.bson.RawBsonDocument;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;

/**
 * Compares collections with their tables, every document with its row.
 *
 * <p>It reads in batches, so memory does not grow with the data. It takes no lock and no snapshot:
 * what changes while it reads may show as a difference. Not thread-safe.
 */
public final class Verifier {

    private final MongoClient mongo;
    private final Connection postgres;
    private final RowFormat format;

    /**
     * A comparison of two servers.
     *
     * @param mongo stays the caller's to close
     * @param postgres stays the caller's to close
     * @param format that of the rows: {@code syncer.doc.format}
     */
    public Verifier(MongoClient mongo, Connection postgres, DocFormat format) {
        this.mongo = mongo;
        this.postgres = postgres;
        this.format =
                switch (format) {
                    case PLAIN -> (doc, row) -> Matching.mismatch(doc, JsonParser.parse(row));
                    case EXTENDED -> ExtendedMatching::mismatch;
                };
    }

    /**
     * Compares.
     *
     * @param tables the table of each collection, in the order in which to compare
     * @throws SQLException when PostgreSQL cannot be read; a table that does not exist has no rows
     */
    public Report compare(Map<Namespace, TableName> tables) throws SQLException {
        var differences = new Differences();
        long documents = 0;
        for (Map.Entry<Namespace, TableName> each : tables.entrySet()) {
            Namespace namespace = each.getKey();
            MongoCollection<RawBsonDocument> collection =
                    mongo.getDatabase(namespace.database())
                            .getCollection(namespace.collection(), RawBsonDocument.class);
            var rows = new Rows(postgres, each.getValue());
            documents +=
                    new CollectionComparison(namespace, collection, rows, format, differences)
                            .run();
        }
        return new Report(documents, tables.size(), differences.count(), differences.first());
    }
}
