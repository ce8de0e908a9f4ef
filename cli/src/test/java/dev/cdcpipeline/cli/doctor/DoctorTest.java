package dev.cdcpipeline.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.ServerVersion;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import de.bwaldvogel.mongo.wire.message.MongoMessage;

import dev.cdcpipeline.cli.CommandRun;
import dev.cdcpipeline.embedded.KafkaBroker;
import dev.cdcpipeline.embedded.PostgresServer;
import dev.cdcpipeline.embedded.RedisServer;
import dev.cdcpipeline.embedded.mongo.MongoReplicaSet;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import redis.clients.jedis.Jedis;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** {@code cdc config check --connect} on real servers, well and ill. */
class DoctorTest {
    private static MongoReplicaSet mongo;
    private static KafkaBroker kafka;
    private static PostgresServer postgres;
    private static RedisServer redis;

    @TempDir Path folder;

    @BeforeAll
    static void startServers() {
        mongo = MongoReplicaSet.start();
        // Whoever has no ACL of his own may do everything with what has no ACL at all.
        kafka =
                KafkaBroker.start(
                        Map.of(
                                "authorizer.class.name",
                                "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                                "allow.everyone.if.no.acl.found",
                                "true"));
        postgres = PostgresServer.start();
        redis = RedisServer.start("secret-of-redis");
    }

    @AfterAll
    static void stopServers() {
        redis.close();
        postgres.close();
        kafka.close();
        mongo.close();
    }

    @Test
    @DisplayName("11.5 All is well: a line for each check, and exit code 0")
    void findsAllWell() throws Exception {
        CommandRun run = check(watcher("well.*", "") + syncer("well", postgres.user(), "postgres"));

        assertThat(run.out())
                .contains("[ok]    MongoDB: ")
                .contains("[ok]    MongoDB replica set: ")
                .contains("[ok]    MongoDB change stream of database well: may be read")
                .contains("[ok]    Kafka: " + kafka.bootstrapServers() + ", 1 broker")
                .contains("[ok]    Kafka topics of well.*: would be created")
                .contains("[ok]    checkpoint file")
                .contains("[ok]    Kafka dead-letter topic cdc.dead-letter: would be created")
                .contains("[ok]    PostgreSQL: ")
                .contains("[ok]    PostgreSQL rights on database postgres: may create")
                .contains("All is well")
                .doesNotContain("[wrong]");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    @DisplayName("Servers that do not answer: a line for each, in time, and exit code 1")
    void saysWhichServersDoNotAnswer() throws Exception {
        String all =
                (watcher("shop.*", redisCheckpoint("redis://127.0.0.1:1"))
                                + syncer("shop", "cdc", "postgres"))
                        .replace(mongo.uri(), "mongodb://127.0.0.1:1/?replicaSet=rs0")
                        .replace(kafka.bootstrapServers(), "127.0.0.1:1")
                        .replace(postgres.jdbcUrl(), "jdbc:postgresql://127.0.0.1:1/app");

        CommandRun run = check(all, 2);

        assertThat(run.out())
                .contains("[wrong] MongoDB: no usable server, 127.0.0.1:1: ")
                .contains("[wrong] Kafka: 127.0.0.1:1 does not answer")
                .contains("[wrong] Redis: 127.0.0.1:1 does not answer")
                .contains("[wrong] PostgreSQL: ")
                .contains("-> check host, port and firewall in syncer.postgresql.url")
                .contains("Something is missing");
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isEqualTo(1);
    }

    @Test
    @DisplayName("MongoDB: a missing privilege is told with the exact grant")
    void tellsTheGrantForTheChangeStream() throws Exception {
        mongo.failCommand("aggregate", 13, 1);

        CommandRun run = check(watcher("shop.*", ""));

        assertThat(run.out())
                .contains("[wrong] MongoDB change stream of database shop")
                .contains(
                        "in mongosh: db.getSiblingDB('admin').grantRolesToUser('<user>', [{role: 'read', db: 'shop'}])");
        assertThat(run.exitCode()).isEqualTo(1);
    }

    @Test
    @DisplayName("MongoDB: post-images that are required and not kept are told with the command")
    void tellsHowToKeepPostImages() throws Exception {
        try (MongoClient client = MongoClients.create(mongo.uri())) {
            client.getDatabase("images").getCollection("orders").insertOne(new Document());
            String config = watcher("images.*", "  post-image: required\n");

            assertThat(check(config).out())
                    .contains("[wrong] MongoDB post-images of images.orders")
                    .contains(
                            "runCommand({collMod: 'orders', changeStreamPreAndPostImages: {enabled: true}})");

            client.getDatabase("images")
                    .runCommand(
                            new Document("collMod", "orders")
                                    .append(
                                            "changeStreamPreAndPostImages",
                                            new Document("enabled", true)));
            assertThat(check(config).out()).contains("[ok]    MongoDB post-images: kept by every");
        }
    }

    @Test
    @DisplayName("MongoDB: a wrong name of the replica set is told as such")
    void tellsAWrongReplicaSet() throws Exception {
        String uri = mongo.uri().replaceFirst("replicaSet=\\w+", "replicaSet=other");

        assertThat(check(watcher("shop.*", "").replace(mongo.uri(), uri), 2).out())
                .contains("no server there is a member of the replica set other");
    }

    @Test
    @DisplayName("MongoDB: a server alone is told how to become a replica set")
    void tellsAServerAloneHowToBecomeAReplicaSet() throws Exception {
        var alone = new MongoServer(new Alone());
        try {
            String address = "mongodb://127.0.0.1:" + alone.bind().getPort();
            String config = watcher("shop.*", "");

            assertThat(check(config.replace(mongo.uri(), address), 2).out())
                    .contains("[wrong] MongoDB replica set: MongoDB is a standalone server")
                    .contains(
                            "(or start it with --replSet rs0), restart it, then run rs.initiate() in mongosh");
            assertThat(check(config.replace(mongo.uri(), address + "/?replicaSet=rs0"), 2).out())
                    .contains("no server there is a member of the replica set rs0")
                    .contains("rs.initiate() was not run yet");
        } finally {
            alone.shutdownNow();
        }
    }

    /** A server without a replica set; it says so as MongoDB does, by what it leaves out. */
    private static final class Alone extends MemoryBackend {
        private Alone() {
            version(ServerVersion.MONGO_5_0);
        }

        @Override
        public de.bwaldvogel.mongo.bson.Document handleMessage(MongoMessage message) {
            return message.getDocument().containsKey("hello")
                    ? new de.bwaldvogel.mongo.bson.Document("isWritablePrimary", true)
                            .append("minWireVersion", 0)
                            .append("maxWireVersion", 25)
                            .append("ok", 1.0)
                    : super.handleMessage(message);
        }
    }

    @Test
    @DisplayName("Kafka: rights, sizes and replication are told with the command that mends them")
    void tellsWhatKafkaLacks() throws Exception {
        kafka.createTopics(
                new NewTopic("cdc.acl.denied", 1, (short) 1),
                new NewTopic("cdc.acl.unread", 1, (short) 1),
                new NewTopic("cdc.acl.small", 1, (short) 1));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            var somebodyElse =
                    new AccessControlEntry(
                            "User:else", "*", AclOperation.DESCRIBE, AclPermissionType.ALLOW);
            var anonymous =
                    new AccessControlEntry(
                            "User:ANONYMOUS", "*", AclOperation.DESCRIBE, AclPermissionType.ALLOW);
            var anonymousWrites =
                    new AccessControlEntry(
                            "User:ANONYMOUS", "*", AclOperation.WRITE, AclPermissionType.ALLOW);
            var unread =
                    new ResourcePattern(ResourceType.TOPIC, "cdc.acl.unread", PatternType.LITERAL);
            var denied =
                    new ResourcePattern(ResourceType.TOPIC, "cdc.acl.denied", PatternType.LITERAL);
            var group = new ResourcePattern(ResourceType.GROUP, "not-mine", PatternType.LITERAL);
            admin.createAcls(
                            List.of(
                                    new AclBinding(denied, anonymous),
                                    new AclBinding(unread, anonymousWrites),
                                    new AclBinding(group, somebodyElse)))
                    .all()
                    .get();
        }
        CommandRun run =
                check(
                        watcher("acl.*", "  topic:\n    replication: 3\n")
                                + syncer("acl", postgres.user(), "postgres")
                                        .replace("  kafka:\n", "  kafka:\n    group: not-mine\n"));

        assertThat(run.out())
                .contains("[wrong] Kafka topic cdc.acl.denied: this login lacks [WRITE]")
                .contains(
                        "-> kafka-acls.sh --bootstrap-server %s --add --allow-principal User:<user> --operation Write --operation Describe --topic 'cdc.' --resource-pattern-type prefixed"
                                .formatted(kafka.bootstrapServers()))
                .contains(
                        "[note]  Kafka topic cdc.acl.unread: this login lacks [READ]: a Watcher that has lost its checkpoint")
                .contains("[note]  Kafka topic cdc.acl.small: takes records of up to 1048588 bytes")
                .contains("--alter --topic cdc.acl.small --add-config max.message.bytes=67108864")
                .contains("[wrong] Kafka topics of acl.*: could not be created")
                .contains("[wrong] Kafka topic cdc.acl.denied: this login lacks [READ]")
                .contains("[wrong] Kafka consumer group not-mine: this login may not use it")
                .contains("--operation Read --group 'not-mine'");
    }

    @Test
    @DisplayName(
            "Kafka: a topic whose plain name collides with another one is asked for by its other name")
    void asksForTheNameWithAHashWhereThePlainOneCollides() throws Exception {
        kafka.createTopics(new NewTopic("cdc.app.logs_events", 1, (short) 1));
        CommandRun run = check(watcher("app_logs.events", ""));

        assertThat(run.out())
                .containsPattern(
                        "\\[ok]    Kafka topic cdc\\.app_logs\\.events-[0-9a-f]{16}: would be created")
                .doesNotContain("[wrong] Kafka");
    }

    @Test
    @DisplayName("PostgreSQL: missing rights are told with the exact GRANT, which helps")
    void tellsTheGrant() throws Exception {
        postgres("create role poor login");
        postgres("create database app");
        postgres("revoke temporary on database app from public");
        String config = syncer("shop", "poor", "app");

        CommandRun run = check(config);
        assertThat(run.out())
                .contains(
                        "[wrong] PostgreSQL rights on database app: this user lacks [CREATE, TEMPORARY]")
                .contains("-> GRANT CREATE, TEMPORARY ON DATABASE \"app\" TO \"poor\";");
        assertThat(run.exitCode()).isEqualTo(1);

        postgres("grant create, temporary on database \"app\" to \"poor\"");
        assertThat(check(config).exitCode()).isZero();
    }

    @Test
    @DisplayName("PostgreSQL: a table made by another user is told with the exact GRANT")
    void tellsTheGrantOnATable() throws Exception {
        postgres("create role reader login");
        postgres("grant create on database postgres to reader");
        postgres("create schema shop");
        postgres("create table shop.orders (_id text primary key, doc jsonb, _cdc_version bigint)");

        CommandRun run = check(syncer("shop", "reader", "postgres"));

        assertThat(run.out())
                .contains("[wrong] PostgreSQL table shop.orders: this user may not write to it")
                .contains(
                        "-> GRANT USAGE ON SCHEMA shop TO \"reader\"; GRANT SELECT, INSERT, UPDATE, DELETE ON shop.orders TO \"reader\";");
        postgres("drop schema shop cascade");
    }

    @Test
    @DisplayName(
            "case S3: a table that the Syncer would refuse is told of, with what mends it; another group's is not")
    void tellsOfATableThatIsRefused() throws Exception {
        postgres("create role subject login");
        postgres("grant create on database postgres to subject");
        postgres("create schema shop");
        postgres(
                "create table shop.orders (_id text primary key, doc jsonb, _cdc_version bigint not null)");
        postgres("grant usage on schema shop to subject");
        postgres("grant all on shop.orders to subject");
        String config = syncer("shop", "subject", "postgres");
        assertThat(check(config).out()).contains("[ok]    PostgreSQL tables: 1 made earlier");

        postgres("alter table shop.orders enable row level security");
        postgres("create policy all_rows on shop.orders using (true)");
        CommandRun run = check(config);
        assertThat(run.out())
                .contains("[wrong] PostgreSQL table shop.orders: ")
                .contains("row-level security")
                .contains("ALTER ROLE \"subject\" BYPASSRLS");
        assertThat(run.exitCode()).isEqualTo(1);

        postgres("create schema cdc");
        postgres(
                "create table cdc.target (consumer_group text, table_schema text, table_name text, collection text)");
        postgres("insert into cdc.target values ('another', 'shop', 'orders', 'shop.orders')");
        postgres("grant usage on schema cdc to subject");
        postgres("grant all on cdc.target to subject");
        assertThat(check(config).out()).doesNotContain("shop.orders");
        postgres("insert into cdc.target values ('cdc-syncer', 'shop', 'orders', 'shop.orders')");
        postgres("create rule quiet as on update to cdc.target do instead nothing");
        assertThat(check(config).out())
                .contains("[wrong] PostgreSQL table shop.orders: ")
                .contains("[wrong] PostgreSQL table cdc.target: ")
                .contains("DROP RULE \"quiet\"");
        postgres("drop schema shop cascade");
        postgres("drop schema cdc cascade");
    }

    @Test
    @DisplayName(
            "PostgreSQL: who may not create tables needs all of the Syncer's own made beforehand")
    void tellsWhichTablesOfItsOwnAreNotPrepared() throws Exception {
        postgres("create role frugal login");
        postgres("create schema cdc");
        postgres("grant usage on schema cdc to frugal");
        String lacksCreate =
                "[wrong] PostgreSQL rights on database postgres: this user lacks [CREATE]";
        String config = syncer("shop", "frugal", "postgres");
        for (String table : List.of("ledger", "sweep", "topic", "target")) {
            assertThat(check(config).out()).as("before " + table).contains(lacksCreate);
            postgres("create table cdc." + table + " (consumer_group text primary key)");
            assertThat(check(config).out())
                    .contains(
                            "[wrong] PostgreSQL table cdc." + table + ": this user may not write");
            postgres("grant all on table cdc." + table + " to frugal");
        }

        assertThat(check(config).out())
                .doesNotContain("[wrong] PostgreSQL")
                .contains("may not create schemas: the table of a new collection would stop");
        postgres("drop schema cdc cascade");
    }

    @Test
    @DisplayName("PostgreSQL: a user and a database that do not exist are told apart")
    void tellsAMissingUserFromAMissingDatabase() throws Exception {
        assertThat(check(syncer("shop", "nobody", "postgres")).out())
                .contains("[wrong] PostgreSQL login: ")
                .contains("CREATE ROLE \"nobody\" LOGIN");
        assertThat(check(syncer("shop", postgres.user(), "nowhere")).out())
                .contains("-> create the database");
    }

    @Test
    @DisplayName("PostgreSQL: a driver's property counts in any case, as in the Syncer")
    void knowsDriverPropertiesInAnyCase() throws Exception {
        postgres("create role timid login superuser");
        postgres("alter role timid set default_transaction_read_only = on");
        String config = syncer("shop", "timid", "postgres");

        assertThat(check(config).out()).contains("it is read-only");
        assertThat(
                        check(
                                        config.replace(
                                                "  http:\n",
                                                """
                                                    properties:
                                                      OPTIONS: "-c default_transaction_read_only=off"
                                                  http:
                                                """))
                                .out())
                .doesNotContain("it is read-only")
                .contains("[ok]    PostgreSQL: ");
    }

    @Test
    @DisplayName("Kafka: the dead-letter topic needs no Read, though the pattern matches it")
    void asksForNoReadOnTheDeadLetterTopic() throws Exception {
        String letters = "cdc.letters.dead";
        kafka.createTopics(new NewTopic(letters, 1, (short) 1));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            var topic = new ResourcePattern(ResourceType.TOPIC, letters, PatternType.LITERAL);
            admin.createAcls(
                            Stream.of(AclOperation.DESCRIBE, AclOperation.WRITE)
                                    .map(
                                            each ->
                                                    new AccessControlEntry(
                                                            "User:ANONYMOUS",
                                                            "*",
                                                            each,
                                                            AclPermissionType.ALLOW))
                                    .map(entry -> new AclBinding(topic, entry))
                                    .toList())
                    .all()
                    .get();
        }

        CommandRun run =
                check(
                        syncer("letters", postgres.user(), "postgres")
                                + "  dead-letter:\n    topic: "
                                + letters
                                + "\n");

        assertThat(run.out())
                .contains("[ok]    Kafka dead-letter topic " + letters + ": writable")
                .doesNotContain("Kafka topic " + letters)
                .doesNotContain("lacks [READ]");
    }

    @Test
    @DisplayName("Redis: a wrong password, and missing rights with the exact ACL, which helps")
    void tellsTheAcl() throws Exception {
        String address = redis.host() + ":" + redis.port();

        assertThat(check(watcher("shop.*", redisCheckpoint(redis.url()))).out())
                .contains("[ok]    Redis rights");
        CommandRun wrong = check(watcher("shop.*", redisCheckpoint("redis://:x@" + address)));
        assertThat(wrong.out())
                .contains(
                        "[wrong] Redis login: Redis does not accept the user or the password (WRONGPASS");

        try (var admin = new Jedis(URI.create(redis.url()))) {
            admin.aclSetUser("cdc", "on", ">pass", "+ping");
            String url = redisCheckpoint("redis://cdc:pass@" + address);
            String out = check(watcher("shop.*", url)).out();
            assertThat(out)
                    .contains("[wrong] Redis rights: The Redis user lacks a right (NOPERM")
                    .doesNotContain("pass@");
            String command = out.lines().filter(l -> l.contains("ACL SETUSER")).findFirst().get();
            String[] rules =
                    command.substring(command.indexOf("cdc ") + 4).replace("'", "").split(" ", -1);
            admin.aclSetUser("cdc", rules);
            assertThat(check(watcher("shop.*", url)).out()).contains("[ok]    Redis rights");
        }
    }

    @Test
    @DisplayName("A checkpoint's folder that cannot be written to is told")
    void tellsAFolderThatCannotBeUsed() throws Exception {
        Path inTheWay = Files.writeString(folder.resolve("file"), "");
        String path = inTheWay.resolve("watcher.checkpoint").toString();

        assertThat(check(watcher("shop.*", "").replace(checkpoint(), path)).out())
                .contains("[wrong] checkpoint file " + path)
                .contains("cannot be written to");
    }

    private CommandRun check(String yaml) throws IOException {
        return check(yaml, 60);
    }

    private CommandRun check(String yaml, int timeout) throws IOException {
        Path file = Files.writeString(folder.resolve("cdc.yaml"), yaml);
        return CommandRun.of(
                "config", "check", "--connect", "--timeout", "" + timeout, "-c", file.toString());
    }

    private String watcher(String scope, String more) {
        return """
                watcher:
                  mongodb:
                    uri: "%s"
                  scope:
                    include: "%s"
                  kafka:
                    bootstrap-servers: "%s"
                  http:
                    port: 0
                """
                        .formatted(mongo.uri(), scope, kafka.bootstrapServers())
                + (more.contains("checkpoint:")
                        ? ""
                        : "  checkpoint:\n    file:\n      path: \"" + checkpoint() + "\"\n")
                + more;
    }

    private String checkpoint() {
        return folder.resolve("data").resolve("watcher.checkpoint").toString();
    }

    private static String redisCheckpoint(String url) {
        return "  checkpoint:\n    store: redis\n    redis:\n      url: \"" + url + "\"\n";
    }

    private static String syncer(String database, String user, String name) {
        return """
                syncer:
                  kafka:
                    bootstrap-servers: "%s"
                    topic-pattern: "cdc[.]%s[.].*"
                  postgresql:
                    url: "%s"
                    user: "%s"
                  http:
                    port: 0
                """
                .formatted(kafka.bootstrapServers(), database, postgres.jdbcUrl(name), user);
    }

    private static void postgres(String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), "");
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
