package dev.cdcpipeline.cli.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;

import dev.cdcpipeline.embedded.PostgresServer;
import dev.cdcpipeline.embedded.mongo.TestMongo;
import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.syncer.app.DocFormat;
import dev.cdcpipeline.syncer.schema.TableName;

import org.bson.Document;
import org.bson.types.Decimal128;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Plants differences in a real PostgreSQL, and expects each to be found. */
class VerifierTest {

    /** More than one batch. */
    private static final int DOCUMENTS = 2_345;

    private static final TableName TABLE = new TableName("verified", "things");

    private static TestMongo mongoServer;
    private static Namespace namespace;
    private static PostgresServer postgresServer;
    private static MongoClient mongo;
    private static Connection postgres;

    @BeforeAll
    static void startServers() throws SQLException {
        mongoServer = TestMongo.start();
        namespace = new Namespace(mongoServer.newDatabase(), "things");
        postgresServer = PostgresServer.start();
        mongo = MongoClients.create(mongoServer.uri());
        postgres = DriverManager.getConnection(postgresServer.jdbcUrl(), postgresServer.user(), "");
    }

    @AfterAll
    static void stopServers() throws SQLException {
        postgres.close();
        mongo.close();
        postgresServer.close();
        mongoServer.close();
    }

    @BeforeEach
    void fillBoth() throws SQLException {
        MongoCollection<Document> collection = collection();
        collection.drop();
        collection.insertMany(
                IntStream.range(0, DOCUMENTS).mapToObj(VerifierTest::document).toList());
        execute("DROP SCHEMA IF EXISTS verified CASCADE");
        execute("CREATE SCHEMA verified");
        execute(
                "CREATE TABLE verified.things (_id text PRIMARY KEY, doc jsonb, _cdc_version bigint)");
        execute(
                "INSERT INTO verified.things SELECT n::text, jsonb_build_object("
                        + "'_id', n, 'name', 'thing ' || n, 'tags', jsonb_build_array('a', n)), 1"
                        + " FROM generate_series(0, "
                        + (DOCUMENTS - 1)
                        + ") n");
    }

    @Test
    void agreesWhenEveryDocumentHasItsRow() throws SQLException {
        Report report = compare();

        assertThat(report.agrees()).isTrue();
        assertThat(report.sentence())
                .isEqualTo(
                        "MongoDB and PostgreSQL agree: 2,345 documents in 1 collection, 0 differences");
    }

    @Test
    void findsAMissingRow() throws SQLException {
        execute("DELETE FROM verified.things WHERE _id = '1234'");

        assertThat(compare().first()).containsExactly(new Difference.Missing(namespace, "1234"));
    }

    @Test
    void findsASurplusRow() throws SQLException {
        execute("INSERT INTO verified.things VALUES ('99999', '{\"_id\": 99999}', 1)");

        assertThat(compare().first()).containsExactly(new Difference.Surplus(namespace, "99999"));
    }

    @Test
    @DisplayName(
            "case W4: a document has the row of its _id, whatever the type of the numbers in it")
    void aDocumentHasTheRowOfItsIdWhateverItsType() throws SQLException {
        collection().deleteMany(new Document());
        execute("TRUNCATE verified.things");
        collection()
                .insertMany(
                        List.of(
                                new Document("_id", 1L),
                                new Document("_id", 2.0),
                                new Document("_id", Decimal128.parse("3.50"))));
        execute(
                "INSERT INTO verified.things VALUES ('1', '{\"_id\": 1}', 1), ('2', '{\"_id\": 2.0}', 1),"
                        + " ('$double:3.5', '{\"_id\": 3.50}', 1)");

        assertThat(compare().first()).extracting(Difference::sentence).isEmpty();

        execute("UPDATE verified.things SET _id = '$long:1' WHERE _id = '1'");

        assertThat(compare().first())
                .extracting(Difference::sentence)
                .containsExactlyInAnyOrder(
                        namespace + " 1 is in MongoDB and has no row",
                        namespace
                                + " $long:1 has a row by a key of an older version, which the"
                                + " Syncer makes 1 when it next starts and writes to the table");
    }

    @Test
    void findsADifferentRow() throws SQLException {
        execute(
                "UPDATE verified.things SET doc = jsonb_set(doc, '{tags,1}', '-1') WHERE _id = '77'");

        Report report = compare();

        assertThat(report.first()).hasSize(1);
        assertThat(report.first().getFirst().sentence())
                .startsWith(namespace + " 77 differs at tags[1]: MongoDB has ");
    }

    @Test
    void findsThemAllAtOnce() throws SQLException {
        execute("DELETE FROM verified.things WHERE _id = '1'");
        execute("INSERT INTO verified.things VALUES ('-1', '{\"_id\": -1}', 1)");
        execute("UPDATE verified.things SET doc = doc - 'name' WHERE _id = '2'");

        Report report = compare();

        assertThat(report.sentence()).endsWith("3 differences");
        assertThat(report.first())
                .extracting(Difference::rowKey)
                .containsExactlyInAnyOrder("1", "-1", "2");
    }

    @Test
    void describesTheFirstTenAndCountsAll() throws SQLException {
        execute("UPDATE verified.things SET doc = '{}' WHERE _id::int < 50");

        Report report = compare();

        assertThat(report.differences()).isEqualTo(50);
        assertThat(report.first()).hasSize(Report.SHOWN);
    }

    @Test
    void aTableThatDoesNotExistHasNoRows() throws SQLException {
        execute("DROP TABLE verified.things");

        assertThat(compare().differences()).isEqualTo(DOCUMENTS);
    }

    private static Report compare() throws SQLException {
        return new Verifier(mongo, postgres, DocFormat.PLAIN).compare(Map.of(namespace, TABLE));
    }

    private static MongoCollection<Document> collection() {
        return mongo.getDatabase(namespace.database()).getCollection(namespace.collection());
    }

    private static Document document(int id) {
        return new Document("_id", id)
                .append("name", "thing " + id)
                .append("tags", new ArrayList<>(List.of("a", id)));
    }

    private static void execute(String sql) throws SQLException {
        try (Statement statement = postgres.createStatement()) {
            statement.execute(sql);
        }
    }
}
