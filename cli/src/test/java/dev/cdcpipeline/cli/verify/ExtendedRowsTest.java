package dev.cdcpipeline.cli.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;

import dev.cdcpipeline.embedded.PostgresServer;
import dev.cdcpipeline.embedded.mongo.TestMongo;
import dev.cdcpipeline.model.DocumentKey;
import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.model.RawDocument;
import dev.cdcpipeline.model.wire.DocumentRenderer;
import dev.cdcpipeline.model.wire.DocumentSlice;
import dev.cdcpipeline.model.wire.WireFormat;
import dev.cdcpipeline.syncer.app.DocFormat;
import dev.cdcpipeline.syncer.schema.RowKey;
import dev.cdcpipeline.syncer.schema.TableName;
import dev.cdcpipeline.testkit.BsonGen;

import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonType;
import org.bson.BsonValue;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Rows of {@code syncer.doc.format: extended}, as the Syncer renders them and PostgreSQL keeps. */
class ExtendedRowsTest {
    private static final TableName TABLE = new TableName("verified", "typed");
    private static final int DOCUMENTS = 400;

    private final DocumentRenderer renderer = DocumentRenderer.extended();

    @Test
    @DisplayName("15 rows in Extended JSON agree with documents of every type until one is changed")
    void agreesUntilAValueIsChanged() throws SQLException {
        List<BsonDocument> documents = documents();
        try (var mongoServer = TestMongo.start();
                var postgresServer = PostgresServer.start();
                MongoClient mongo = MongoClients.create(mongoServer.uri());
                Connection postgres =
                        DriverManager.getConnection(
                                postgresServer.jdbcUrl(), postgresServer.user(), "")) {
            var namespace = new Namespace(mongoServer.newDatabase(), "typed");
            mongo.getDatabase(namespace.database())
                    .getCollection(namespace.collection(), BsonDocument.class)
                    .insertMany(documents);
            write(postgres, documents);
            var verifier = new Verifier(mongo, postgres, DocFormat.EXTENDED);

            Report report = verifier.compare(Map.of(namespace, TABLE));
            assertThat(report.first()).extracting(Difference::sentence).isEmpty();
            assertThat(report.documents()).isEqualTo(DOCUMENTS);

            execute(
                    postgres,
                    "UPDATE verified.typed SET doc = jsonb_set(doc, '{number}',"
                            + " '{\"$numberLong\": \"7\"}') WHERE _id = '7'");

            assertThat(verifier.compare(Map.of(namespace, TABLE)).first())
                    .singleElement()
                    .extracting(Difference::sentence)
                    .asString()
                    .startsWith(namespace + " 7 differs at number: ");
        }
    }

    private static List<BsonDocument> documents() {
        var random = new Random(15);
        var types = EnumSet.noneOf(BsonType.class);
        var documents = new ArrayList<BsonDocument>();
        for (int id = 0; id < DOCUMENTS; id++) {
            BsonValue value = BsonGen.values().next(random);
            types.add(value.getBsonType());
            documents.add(
                    new BsonDocument("_id", new BsonInt32(id))
                            .append("number", new BsonInt32(id))
                            .append("value", value));
        }
        // Every type but the mark of an end.
        assertThat(types).hasSize(BsonType.values().length - 1);
        return documents;
    }

    private void write(Connection postgres, List<BsonDocument> documents) throws SQLException {
        execute(postgres, "CREATE SCHEMA verified");
        execute(postgres, "CREATE TABLE verified.typed (_id text PRIMARY KEY, doc jsonb)");
        try (var insert =
                postgres.prepareStatement("INSERT INTO verified.typed VALUES (?, ?::jsonb)")) {
            for (BsonDocument document : documents) {
                RawDocument raw = RawDocument.of(document);
                var slice =
                        new DocumentSlice(
                                raw.array(),
                                raw.offset(),
                                raw.offset() + raw.length(),
                                WireFormat.BSON);
                insert.setString(1, RowKey.of(DocumentKey.of(raw)));
                insert.setString(2, renderer.render(slice).text());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private static void execute(Connection postgres, String sql) throws SQLException {
        try (var statement = postgres.createStatement()) {
            statement.execute(sql);
        }
    }
}
