package dev.cdcpipeline.syncer.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.syncer.support.Database;
import dev.cdcpipeline.syncer.support.Events;
import dev.cdcpipeline.syncer.support.Feed;
import dev.cdcpipeline.syncer.support.RunningSyncer;
import dev.cdcpipeline.syncer.support.Servers;
import dev.cdcpipeline.syncer.support.TransactionalProducer;
import dev.cdcpipeline.syncer.support.Workload;
import dev.cdcpipeline.syncer.write.MissingPrivilegeException;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;

/** What may keep a session with PostgreSQL from being set up, at the start and later. */
class SetUpTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final String role = "role_" + UUID.randomUUID().toString().substring(0, 8);

    private RunningSyncer start(String name, Database database, String... options) {
        Map<String, String> environment =
                RunningSyncer.environment(Servers.kafka(), database, name + "[.].*");
        environment.put("SYNCER_POSTGRESQL_USER", role);
        environment.put("SYNCER_POSTGRESQL_ACQUIRE_TIMEOUT", "1s");
        environment.put("SYNCER_STALL_TIMEOUT", "2s");
        environment.put("SYNCER_DEAD_LETTER_MAX_SHARE", "1");
        for (int i = 0; i < options.length; i += 2) {
            environment.put(options[i], options[i + 1]);
        }
        return new RunningSyncer(environment);
    }

    private Database database(String name, String login) {
        var database = new Database(Servers.postgres(), name);
        database.execute(
                "create role %s %s".formatted(role, login),
                "grant create on database %s to %s".formatted(database.quotedName(), role));
        return database;
    }

    private static void forbidTemporary(Database database) {
        database.execute(
                "revoke temporary on database %s from public".formatted(database.quotedName()));
    }

    private static void endSessions(Database database) {
        database.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                        + " where application_name = 'cdc-syncer' and datname = current_database()");
    }

    private static void awaitHealth(RunningSyncer syncer, String... words) {
        await().atMost(LONG)
                .untilAsserted(
                        () ->
                                assertThat(syncer.health().report().toJson())
                                        .contains("\"ready\":false")
                                        .contains(words));
    }

    private static void awaitReady(RunningSyncer syncer) {
        await().atMost(LONG).until(() -> syncer.health().report().ready());
    }

    @Test
    @DisplayName("case S6: a role without TEMPORARY stops the service with 42501 and its sentence")
    void aRoleWithoutTemporaryStops() throws Exception {
        Database database = database("temporary", "login");
        forbidTemporary(database);
        try (var syncer = start("temporary", database)) {
            assertThat(syncer.failure())
                    .isInstanceOf(MissingPrivilegeException.class)
                    .hasMessageContaining("permission denied to create temporary tables")
                    .hasMessageContaining("GRANT CREATE, TEMPORARY");
        }
    }

    @Test
    @DisplayName("case S6: so does one that loses TEMPORARY while the service runs")
    void aRoleThatLosesTemporaryStops() throws Exception {
        Database database = database("losing", "login");
        try (var feed = new Feed(Servers.kafka(), "losing.shop.orders", 1);
                var syncer = start("losing", database)) {
            awaitReady(syncer);
            forbidTemporary(database);
            endSessions(database);
            new Workload(feed, new Events(new Namespace("shop", "orders")), 1, 50).send(10);
            assertThat(syncer.failure())
                    .isInstanceOf(MissingPrivilegeException.class)
                    .hasMessageContaining("GRANT CREATE, TEMPORARY");
        }
    }

    @Test
    @DisplayName("case S6: a login taken away while the service runs stops it with its sentence")
    void aLoginThatIsTakenAwayStops() throws Exception {
        Database database = database("nologin", "login");
        try (var feed = new Feed(Servers.kafka(), "nologin.shop.orders", 1);
                var syncer = start("nologin", database)) {
            awaitReady(syncer);
            database.execute("alter role %s nologin".formatted(role));
            endSessions(database);
            new Workload(feed, new Events(new Namespace("shop", "orders")), 1, 50).send(10);
            assertThat(syncer.failure())
                    .hasMessageContaining("PostgreSQL does not let this user in");
        }
    }

    @Test
    @DisplayName("case S6: a database dropped while the service runs stops it with its sentence")
    void aDroppedDatabaseStops() throws Exception {
        Database database = database("vanishing", "login");
        try (var feed = new Feed(Servers.kafka(), "vanishing.shop.orders", 1);
                var syncer = start("vanishing", database)) {
            awaitReady(syncer);
            new Database(Servers.postgres(), "other")
                    .execute("drop database %s with (force)".formatted(database.quotedName()));
            new Workload(feed, new Events(new Namespace("shop", "orders")), 1, 50).send(10);
            assertThat(syncer.failure())
                    .hasMessageContaining("PostgreSQL has no such database")
                    .hasRootCauseInstanceOf(SQLException.class);
        }
    }

    @Test
    @DisplayName(
            "case S6: too many connections are told of by health with PostgreSQL's words, and waited out")
    void tooManyConnectionsAreWaitedOut() throws Exception {
        Database database = database("crowded", "login connection limit 0");
        try (var syncer = start("crowded", database)) {
            awaitHealth(syncer, "too many connections for role", "53300");
            assertThat(syncer.hasEnded()).isFalse();
            database.execute("alter role %s connection limit -1".formatted(role));
            awaitReady(syncer);
        }
    }

    @Test
    @DisplayName(
            "case S6: too many connections later on, too: never only that there is none available")
    void tooManyConnectionsLaterAreNamed() throws Exception {
        Database database = database("afterwards", "login");
        try (var feed = new Feed(Servers.kafka(), "afterwards.shop.orders", 1);
                var syncer = start("afterwards", database)) {
            awaitReady(syncer);
            database.execute("alter role %s connection limit 0".formatted(role));
            endSessions(database);
            var workload = new Workload(feed, new Events(new Namespace("shop", "orders")), 1, 50);
            workload.send(10);
            awaitHealth(
                    syncer,
                    "nothing was written of afterwards.shop.orders-0",
                    "too many connections");
            assertThat(syncer.gauge("cdc.syncer.partitions.stalled")).isEqualTo(1);
            assertThat(syncer.health().report().toJson()).doesNotContain("Timeout[]");
            database.execute("alter role %s connection limit -1".formatted(role));
            await().atMost(LONG)
                    .until(() -> database.values("shop.orders").equals(workload.expected()));
            awaitReady(syncer);
        }
    }

    @Test
    @DisplayName("case S6: a host that cannot be found is named by health, and tried again")
    void aHostThatCannotBeFoundIsNamed() throws Exception {
        Database database = database("host", "login");
        try (var syncer =
                start(
                        "host",
                        database,
                        "SYNCER_POSTGRESQL_URL",
                        "jdbc:postgresql://no-such-host.invalid:5432/app")) {
            awaitHealth(syncer, "no-such-host.invalid");
            assertThat(syncer.hasEnded()).isFalse();
        }
    }

    @Test
    @DisplayName("case S6: a set-up that fails by an error of data stops, and makes no dead letter")
    void aSetUpIsNoRecordsFault() throws Exception {
        Database database = database("data", "login");
        try (var feed = new Feed(Servers.kafka(), "data.shop.orders", 1);
                var syncer = start("data", database)) {
            awaitReady(syncer);
            database.execute(
                    """
                    create function refuse() returns event_trigger language plpgsql as $$
                    begin
                        if session_user = '%s' then raise exception 'not on a Monday'; end if;
                    end $$"""
                            .formatted(role),
                    "create event trigger refuse on login execute function refuse()",
                    "alter event trigger refuse enable always");
            endSessions(database);
            new Workload(feed, new Events(new Namespace("shop", "orders")), 1, 50).send(10);
            assertThat(syncer.failure()).hasStackTraceContaining("not on a Monday");
            assertThat(syncer.count("cdc.syncer.dead.letters")).isZero();
        }
    }

    @Test
    @DisplayName(
            "case S6: a partition of which nothing more can be read, as behind an open transaction, is named by health")
    void whatCannotBeReadIsNamed() throws Exception {
        Database database = database("unread", "login");
        try (var feed = new Feed(Servers.kafka(), "unread.shop.orders", 1);
                var producer = new TransactionalProducer(Servers.kafka());
                var syncer = start("unread", database)) {
            var workload = new Workload(feed, new Events(new Namespace("shop", "orders")), 1, 50);
            workload.send(10);
            await().atMost(LONG)
                    .until(() -> database.values("shop.orders").equals(workload.expected()));
            producer.open("unread.shop.orders", "no key", "no event");
            workload.send(10);
            awaitHealth(syncer, "nothing was read of unread.shop.orders-0", "Kafka has more");
            producer.commit();
            await().atMost(LONG)
                    .until(() -> database.values("shop.orders").equals(workload.expected()));
            awaitReady(syncer);
        }
    }

    @Test
    @DisplayName(
            "case S6: a table that an operator has locked is named by health with who holds the lock")
    void aLockIsNamed() throws Exception {
        Database database = database("lock", "login");
        try (var feed = new Feed(Servers.kafka(), "lock.shop.orders", 1);
                var other = new Feed(Servers.kafka(), "lock.shop.other", 1);
                var operator = database.connect();
                var syncer = start("lock", database)) {
            var workload = new Workload(feed, new Events(new Namespace("shop", "orders")), 1, 50);
            workload.send(10);
            await().atMost(LONG)
                    .until(() -> database.values("shop.orders").equals(workload.expected()));
            operator.setAutoCommit(false);
            operator.createStatement().execute("lock table shop.orders in access exclusive mode");
            workload.send(10);
            // The other worker goes on, and must not make all look well.
            var busy = new Workload(other, new Events(new Namespace("shop", "other")), 1, 50);
            await().atMost(LONG)
                    .untilAsserted(
                            () -> {
                                busy.send(1);
                                assertThat(syncer.health().report().toJson())
                                        .contains("\"ready\":false", "\"live\":true")
                                        .contains("nothing was written of lock.shop.orders-0")
                                        .contains("a lock that session ");
                            });
            assertThat(syncer.gauge("cdc.syncer.partitions.stalled")).isEqualTo(1);
            operator.rollback();
            await().atMost(LONG)
                    .until(() -> database.values("shop.orders").equals(workload.expected()));
            awaitReady(syncer);
            assertThat(syncer.gauge("cdc.syncer.partitions.stalled")).isZero();
        }
    }
}
