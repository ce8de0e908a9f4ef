package dev.cdcpipeline.tests.security;

import dev.cdcpipeline.embedded.KafkaBroker;
import dev.cdcpipeline.embedded.KafkaSecurity;
import dev.cdcpipeline.embedded.PostgresSecurity;
import dev.cdcpipeline.embedded.PostgresServer;
import dev.cdcpipeline.embedded.RedisSecurity;
import dev.cdcpipeline.embedded.RedisServer;
import dev.cdcpipeline.embedded.mongo.MongoReplicaSet;

import io.netty.pkitesting.X509Bundle;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocketFactory;

/** All servers with TLS and authentication on, and users with the rights that the docs name. */
final class SecuredServers implements AutoCloseable {
    static final String PASSWORD = "right-one";

    private static final String REDIS_RIGHTS =
            "on >" + PASSWORD + " ~cdc:* +@connection +@read +@write +@scripting +time";

    final Certificates certificates;
    final KafkaBroker kafka;
    final PostgresServer postgres;
    final RedisServer redis;
    final MongoReplicaSet mongo;
    private final Deque<AutoCloseable> resources = new ArrayDeque<>();

    SecuredServers(Path folder) throws Exception {
        certificates = new Certificates(folder);
        var server = certificates.server();
        certificates.client("certified");
        certificates.expired("certified");
        kafka = own(KafkaBroker.start(new KafkaSecurity(server, passwords())));
        postgres = own(PostgresServer.start(new PostgresSecurity(server)));
        redis =
                own(
                        RedisServer.start(
                                new RedisSecurity(
                                        server,
                                        Map.of(
                                                "watcher",
                                                REDIS_RIGHTS,
                                                "poor",
                                                "on >" + PASSWORD + " ~other:* +ping"))));
        mongo = own(MongoReplicaSet.builder().sockets(mongoSockets()).start());
        grantInKafka();
        grantInPostgres();
    }

    private <T extends AutoCloseable> T own(T resource) {
        resources.push(resource);
        return resource;
    }

    private static Map<String, String> passwords() {
        return Map.of("watcher", PASSWORD, "syncer", PASSWORD, "poor", PASSWORD);
    }

    /** They ask for a client certificate, as for X.509. */
    private SSLServerSocketFactory mongoSockets() throws Exception {
        X509Bundle member = certificates.addressed();
        var context = SSLContext.getInstance("TLS");
        context.init(
                member.toKeyManagerFactory().getKeyManagers(),
                member.toTrustManagerFactory().getTrustManagers(),
                null);
        return new AskingForCertificates(context.getServerSocketFactory());
    }

    private void grantInKafka() throws Exception {
        var grants = new ArrayList<AclBinding>();
        for (var user : List.of("watcher", "certified")) {
            grants.addAll(
                    topics(
                            user,
                            "cdc.",
                            AclOperation.CREATE,
                            AclOperation.DESCRIBE,
                            AclOperation.DESCRIBE_CONFIGS,
                            AclOperation.READ,
                            AclOperation.WRITE));
        }
        for (var user : List.of("syncer", "certified")) {
            grants.addAll(topics(user, "cdc.", AclOperation.DESCRIBE, AclOperation.READ));
            grants.addAll(
                    topics(
                            user,
                            "letters",
                            AclOperation.CREATE,
                            AclOperation.DESCRIBE,
                            AclOperation.WRITE));
            grants.addAll(
                    allowed(
                            user,
                            new ResourcePattern(ResourceType.GROUP, "cdc-", PatternType.PREFIXED),
                            AclOperation.DESCRIBE,
                            AclOperation.READ));
        }
        try (var admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.createAcls(grants).all().get();
        }
    }

    private static List<AclBinding> topics(String user, String prefix, AclOperation... operations) {
        return allowed(
                user,
                new ResourcePattern(ResourceType.TOPIC, prefix, PatternType.PREFIXED),
                operations);
    }

    private static List<AclBinding> allowed(
            String user, ResourcePattern what, AclOperation... operations) {
        var bindings = new ArrayList<AclBinding>();
        for (AclOperation each : operations) {
            bindings.add(
                    new AclBinding(
                            what,
                            new AccessControlEntry(
                                    "User:" + user, "*", each, AclPermissionType.ALLOW)));
        }
        return bindings;
    }

    private void grantInPostgres() throws SQLException {
        try (var connection = DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), "");
                var statement = connection.createStatement()) {
            statement.execute("create role certified login");
            statement.execute("grant create on database postgres to certified");
            for (var user : List.of("syncer", "poor")) {
                statement.execute("create role %s login password '%s'".formatted(user, PASSWORD));
            }
            statement.execute("grant create on database postgres to syncer");
            statement.execute("create schema cdc authorization syncer");
            // Both write to one ledger.
            statement.execute("grant syncer to certified");
            statement.execute(
                    "alter default privileges for role certified in schema cdc grant all on tables to syncer");
        }
    }

    /** What a superuser reads; nothing if there is no such table yet. */
    long rows(String table) throws SQLException {
        try (var connection = DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), "");
                var statement = connection.createStatement();
                var result = statement.executeQuery("select count(*) from " + table)) {
            result.next();
            return result.getLong(1);
        }
    }

    /** The environment of a Watcher that comes with passwords. */
    Map<String, String> watcher(String database, Path folder) {
        var environment = new HashMap<String, String>();
        environment.put("WATCHER_ID", database);
        environment.put("WATCHER_MONGODB_URI", mongo.uri() + "&tls=true");
        environment.put("WATCHER_MONGODB_TLS_CA", certificates.authority().toString());
        environment.put("WATCHER_SCOPE_INCLUDE", database + ".*");
        environment.put("WATCHER_CHECKPOINT_STORE", "redis");
        environment.put("WATCHER_CHECKPOINT_INTERVAL", "100ms");
        environment.put("WATCHER_CHECKPOINT_REDIS_URL", redisUrl("watcher", PASSWORD));
        environment.put("WATCHER_CHECKPOINT_REDIS_TLS_CA", certificates.authority().toString());
        environment.put("WATCHER_CHECKPOINT_FILE_PATH", folder.resolve("checkpoint").toString());
        withPassword(environment, "WATCHER", "SCRAM-SHA-512", "scram.Scram", "watcher");
        return environment;
    }

    /** The environment of a Syncer that comes with passwords. */
    Map<String, String> syncer(String database) {
        var environment = new HashMap<String, String>();
        environment.put("SYNCER_KAFKA_TOPIC_PATTERN", "cdc[.]" + database + "[.].*");
        environment.put("SYNCER_KAFKA_GROUP", "cdc-" + database);
        environment.put("SYNCER_KAFKA_DISCOVERY_INTERVAL", "500ms");
        environment.put("SYNCER_DEAD_LETTER_TOPIC", "letters");
        environment.put(
                "SYNCER_POSTGRESQL_URL",
                "jdbc:postgresql://localhost:%d/postgres".formatted(postgres.port()));
        environment.put("SYNCER_POSTGRESQL_USER", "syncer");
        environment.put("SYNCER_POSTGRESQL_PASSWORD", PASSWORD);
        environment.put("SYNCER_POSTGRESQL_PROPERTIES_SSLMODE", "verify-full");
        environment.put(
                "SYNCER_POSTGRESQL_PROPERTIES_SSLROOTCERT", certificates.authority().toString());
        withPassword(environment, "SYNCER", "PLAIN", "plain.Plain", "syncer");
        return environment;
    }

    /** Kafka by user and password. */
    void withPassword(
            Map<String, String> environment,
            String service,
            String mechanism,
            String module,
            String user) {
        environment.put(service + "_KAFKA_BOOTSTRAP_SERVERS", kafka.saslBootstrapServers());
        String properties = service + "_KAFKA_PROPERTIES_";
        environment.put(properties + "SECURITY_PROTOCOL", "SASL_SSL");
        environment.put(properties + "SASL_MECHANISM", mechanism);
        environment.put(properties + "SASL_JAAS_CONFIG", jaas(module, user, PASSWORD));
        trust(environment, properties, certificates.authority());
    }

    /** Kafka by certificate. */
    void withCertificate(Map<String, String> environment, String service, String file) {
        environment.keySet().removeIf(name -> name.startsWith(service + "_KAFKA_PROPERTIES_"));
        environment.put(service + "_KAFKA_BOOTSTRAP_SERVERS", kafka.tlsBootstrapServers());
        String properties = service + "_KAFKA_PROPERTIES_";
        environment.put(properties + "SECURITY_PROTOCOL", "SSL");
        environment.put(properties + "SSL_KEYSTORE_TYPE", "PEM");
        environment.put(properties + "SSL_KEYSTORE_LOCATION", certificates.both(file).toString());
        trust(environment, properties, certificates.authority());
    }

    private static void trust(Map<String, String> environment, String properties, Path authority) {
        environment.put(properties + "SSL_TRUSTSTORE_TYPE", "PEM");
        environment.put(properties + "SSL_TRUSTSTORE_LOCATION", authority.toString());
    }

    static String jaas(String module, String user, String password) {
        return "org.apache.kafka.common.security.%sLoginModule required username=\"%s\" password=\"%s\";"
                .formatted(module, user, password);
    }

    String redisUrl(String user, String password) {
        return "rediss://%s:%s@localhost:%d".formatted(user, password, redis.port());
    }

    @Override
    public void close() {
        for (var resource : resources) {
            try {
                resource.close();
            } catch (Exception e) {
                throw new IllegalStateException(resource + " does not close", e);
            }
        }
    }
}
