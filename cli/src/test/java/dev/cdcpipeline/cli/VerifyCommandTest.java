package dev.cdcpipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;

import dev.cdcpipeline.embedded.LoopbackPort;
import dev.cdcpipeline.embedded.PostgresServer;
import dev.cdcpipeline.embedded.mongo.TestMongo;

import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** {@code cdc verify} tells rows that differ from servers that do not answer. */
class VerifyCommandTest {
    private static TestMongo mongo;
    private static String database;
    private static PostgresServer postgres;

    @BeforeAll
    static void startServers() {
        mongo = TestMongo.start();
        database = mongo.newDatabase();
        postgres = PostgresServer.start();
        try (MongoClient client = MongoClients.create(mongo.uri())) {
            client.getDatabase(database).getCollection("orders").insertOne(new Document("_id", 1));
        }
    }

    @AfterAll
    static void stopServers() {
        postgres.close();
        mongo.close();
    }

    @Test
    @DisplayName("15 verify: rows that differ are the exit code 1, and no difference is 0")
    void endsWithOneForADifference() {
        assertThat(verify(mongo.uri(), postgres.jdbcUrl(), postgres.user(), database + ".orders"))
                .satisfies(run -> assertThat(run.out()).contains("1 difference"))
                .extracting(CommandRun::exitCode)
                .isEqualTo(1);
        assertThat(verify(mongo.uri(), postgres.jdbcUrl(), postgres.user(), database + ".none"))
                .extracting(CommandRun::exitCode)
                .isEqualTo(0);
    }

    @Test
    @DisplayName("15 verify: a MongoDB that is not there is one sentence and the exit code 5")
    void saysThatMongoDoesNotAnswer() {
        int port = LoopbackPort.free();
        String uri = "mongodb://127.0.0.1:" + port + "/?serverSelectionTimeoutMS=200";

        CommandRun run = verify(uri, postgres.jdbcUrl(), postgres.user(), database + ".orders");

        assertUnanswered(run, "MongoDB", "127.0.0.1:" + port, "refused", "--mongodb");
    }

    @Test
    @DisplayName("15 verify: a PostgreSQL that is not there is one sentence and the exit code 5")
    void saysThatPostgresDoesNotAnswer() {
        int port = LoopbackPort.free();

        CommandRun run =
                verify(mongo.uri(), "jdbc:postgresql://127.0.0.1:" + port + "/x", "u", "shop.a");

        assertUnanswered(run, "PostgreSQL", "refused", "--postgresql");
    }

    @Test
    @DisplayName(
            "15 verify: a user whom PostgreSQL does not let in is one sentence and exit code 5")
    void saysThatPostgresRefusesTheUser() {
        CommandRun run = verify(mongo.uri(), postgres.jdbcUrl(), "nobody", "shop.orders");

        assertUnanswered(run, "PostgreSQL", "\"nobody\"", "--user");
    }

    @Test
    @DisplayName("15 verify: what is no address is a wrong command line, and shows no password")
    void refusesWhatIsNoAddress() {
        CommandRun noMongo = verify("localhost", postgres.jdbcUrl(), "u", "shop.orders");
        assertThat(noMongo.exitCode()).isEqualTo(2);
        assertThat(noMongo.err()).contains("--mongodb").doesNotContain("\tat ");

        CommandRun noPostgres = verify(mongo.uri(), "postgres://u:geheim@h/x", "u", "shop.orders");
        assertThat(noPostgres.exitCode()).isEqualTo(2);
        assertThat(noPostgres.err()).contains("--postgresql").doesNotContain("\tat ", "geheim");
    }

    private static void assertUnanswered(CommandRun run, String... words) {
        assertThat(run.err().lines().toList()).as(run.err()).hasSize(1);
        assertThat(run.err()).contains(words);
        assertThat(run.out()).isEmpty();
        assertThat(run.exitCode()).isEqualTo(5);
    }

    private static CommandRun verify(String mongo, String postgres, String user, String names) {
        return CommandRun.of(
                "verify", "--mongodb", mongo, "--postgresql", postgres, "--user", user, names);
    }
}
