package dev.cdcpipeline.syncer.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.syncer.support.Database;
import dev.cdcpipeline.syncer.support.Events;
import dev.cdcpipeline.syncer.support.Feed;
import dev.cdcpipeline.syncer.support.RunningSyncer;
import dev.cdcpipeline.syncer.support.Servers;
import dev.cdcpipeline.syncer.support.Workload;
import dev.cdcpipeline.syncer.write.TableDroppedException;
import dev.cdcpipeline.testkit.Line;

import org.bson.BsonInt32;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What PostgreSQL may do to a Syncer at work, besides going away. */
class DatabaseFailureTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int ROWS = 500;

    /** What passes: no space, no memory, no connection, a conflict, a lock, the time, a standby. */
    private static final List<String> PASSING =
            List.of(
                    "53100", "53200", "53300", "40001", "40P01", "55P03", "57014", "25006",
                    "57P01");

    private static RunningSyncer start(String name, Database database, String... options) {
        Map<String, String> environment =
                RunningSyncer.environment(Servers.kafka(), database, name + "[.].*");
        environment.put("SYNCER_POSTGRESQL_ACQUIRE_TIMEOUT", "1s");
        for (int i = 0; i < options.length; i += 2) {
            environment.put(options[i], options[i + 1]);
        }
        return new RunningSyncer(environment);
    }

    private static Workload workload(Feed feed) {
        return new Workload(feed, new Events(new Namespace("shop", "orders")), 1, 50);
    }

    private static void converges(Database database, Map<String, String> expected) {
        await().atMost(LONG)
                .untilAsserted(
                        () -> assertThat(database.values("shop.orders")).isEqualTo(expected));
    }

    @Test
    @DisplayName("12.5, Property 26: each failure of PostgreSQL that may pass is waited out")
    void whatPassesIsWaitedOut() throws Exception {
        var database = new Database(Servers.postgres(), "passing");
        database.execute(
                "create schema shop",
                "create table shop.orders (_id text primary key, doc jsonb not null,"
                        + " _cdc_version bigint not null)",
                "create sequence shop.faults",
                """
                create function shop.fail() returns trigger language plpgsql as $$
                declare
                    codes text[] := '{%s}';
                    n bigint := nextval('shop.faults'); -- which no rollback takes back
                begin
                    if n <= array_length(codes, 1) then
                        raise exception 'a test' using errcode = codes[n];
                    end if;
                    return null;
                end $$"""
                        .formatted(String.join(",", PASSING)),
                "create trigger fail after insert on shop.orders for each statement"
                        + " execute function shop.fail()");
        try (var feed = new Feed(Servers.kafka(), "passing.shop.orders", 1);
                var syncer = start("passing", database)) {
            Workload workload = workload(feed);
            workload.send(100);
            converges(database, workload.expected());
            assertThat(syncer.count("cdc.syncer.retries")).isGreaterThanOrEqualTo(PASSING.size());
            assertThat(syncer.count("cdc.syncer.dead.letters")).isZero();
        }
    }

    @Test
    @DisplayName("I6, 12.5: a batch that never fits the time for a statement is written in parts")
    void whatIsTooMuchAtOnceIsWrittenInParts() throws Exception {
        var database = new Database(Servers.postgres(), "toomuch");
        database.execute(
                "create schema shop",
                "create table shop.orders (_id text primary key, doc jsonb not null,"
                        + " _cdc_version bigint not null)",
                """
                create function shop.slow() returns trigger language plpgsql as $$
                begin
                    perform pg_sleep(0.01);
                    return null;
                end $$""",
                "create trigger slow after insert on shop.orders for each row"
                        + " execute function shop.slow()",
                "alter database %s set statement_timeout = '400ms'"
                        .formatted(database.quotedName()));
        try (var feed = new Feed(Servers.kafka(), "toomuch.shop.orders", 1)) {
            var events = new Events(new Namespace("shop", "orders"));
            for (int i = 0; i < ROWS; i++) {
                feed.send(events.insert(Events.document(new BsonInt32(i), i)));
            }
            feed.flush(); // all of it is there before the start, and so is one batch
            try (var syncer = start("toomuch", database, "SYNCER_RETRY_MAX_ATTEMPTS", "5")) {
                await().atMost(LONG)
                        .until(() -> database.number("select count(*) from shop.orders") == ROWS);
                assertThat(syncer.count("cdc.syncer.dead.letters")).isZero();
                assertThat(syncer.count("cdc.syncer.retries")).isBetween(2.0, 10.0);
                assertThat(syncer.hasEnded()).isFalse();
            }
            assertThat(database.number("select next_offset from cdc.ledger")).isEqualTo(ROWS);
        }
    }

    @Test
    @DisplayName("12.5: an answer that got lost on a dead line is not waited for without end")
    void aDeadLineIsGivenUp() throws Exception {
        var database = new Database(Servers.postgres(), "deadline");
        var port = Integer.toString(URI.create(database.url().substring(5)).getPort());
        try (var feed = new Feed(Servers.kafka(), "deadline.shop.orders", 1);
                var line = new Line(Integer.parseInt(port));
                var lock = database.connect();
                var syncer =
                        start(
                                "deadline",
                                database,
                                "SYNCER_POSTGRESQL_URL",
                                database.url().replace(port, Integer.toString(line.port())),
                                "SYNCER_POSTGRESQL_PROPERTIES_SOCKETTIMEOUT",
                                "3")) {
            Workload workload = workload(feed);
            workload.send(100);
            converges(database, workload.expected());
            lock.setAutoCommit(false);
            lock.createStatement().execute("lock table shop.orders in access exclusive mode");
            workload.send(100);
            await().atMost(LONG).until(() -> waitingForLocks(database) > 0);
            line.goDead();
            lock.commit();
            await().atMost(LONG).until(() -> syncer.count("cdc.syncer.retries") > 0);
            line.revive();
            converges(database, workload.expected());
            assertThat(syncer.hasEnded()).isFalse();
        }
    }

    private static long waitingForLocks(Database database) {
        return database.number(
                "select count(*) from pg_stat_activity"
                        + " where datname = current_database() and wait_event_type = 'Lock'");
    }

    @Test
    @DisplayName("12.5: sessions that a failover left read-only are replaced, not kept")
    void aFailoverToAReadOnlyServerIsWaitedOut() throws Exception {
        var database = new Database(Servers.postgres(), "readonly");
        String readOnly =
                "alter database %s set default_transaction_read_only = "
                        .formatted(database.quotedName());
        try (var feed = new Feed(Servers.kafka(), "readonly.shop.orders", 1);
                var syncer = start("readonly", database)) {
            Workload workload = workload(feed);
            workload.send(100);
            converges(database, workload.expected());

            database.execute(
                    readOnly + "on",
                    "select pg_terminate_backend(pid) from pg_stat_activity"
                            + " where application_name = 'cdc-syncer' and datname = current_database()");
            workload.send(100);
            await().atMost(LONG).until(() -> syncer.count("cdc.syncer.retries") >= 2);
            database.execute("set default_transaction_read_only = off", readOnly + "off");

            converges(database, workload.expected());
            assertThat(syncer.hasEnded()).isFalse();
        }
    }

    @Test
    @DisplayName("14.2: health heals with the database, also where nothing comes to be written")
    void healthHealsWithoutABatch() throws Exception {
        var database = new Database(Servers.postgres(), "healing");
        String readOnly =
                "alter database %s set default_transaction_read_only = "
                        .formatted(database.quotedName());
        try (var _ = new Feed(Servers.kafka(), "healing.shop.orders", 1);
                var syncer = start("healing", database)) {
            await().atMost(LONG).until(() -> syncer.health().report().ready());
            database.execute(
                    readOnly + "on",
                    "select pg_terminate_backend(pid) from pg_stat_activity"
                            + " where application_name = 'cdc-syncer' and datname = current_database()");
            try (var _ = new Feed(Servers.kafka(), "healing.shop.other", 1)) {
                await().atMost(LONG)
                        .untilAsserted(
                                () ->
                                        assertThat(syncer.health().report().toJson())
                                                .contains("reading the ledger failed"));
                database.execute("set default_transaction_read_only = off", readOnly + "off");
                await().atMost(LONG).until(() -> syncer.health().report().ready());
            }
        }
    }

    @Test
    @DisplayName("I5: a table dropped while it is written stops the service, unless it is accepted")
    void aDroppedTableStopsTheService() throws Exception {
        var database = new Database(Servers.postgres(), "dropped");
        try (var feed = new Feed(Servers.kafka(), "dropped.shop.orders", 2)) {
            Workload workload = workload(feed);
            workload.send(100);
            try (var syncer = start("dropped", database)) {
                converges(database, workload.expected());
                database.execute("drop table shop.orders");
                workload.send(100);
                assertThat(syncer.failure())
                        .isInstanceOf(TableDroppedException.class)
                        .hasMessageContaining("The table shop.orders is gone");
            }
            try (var syncer = start("dropped", database)) {
                assertThat(syncer.failure()).isInstanceOf(TableDroppedException.class);
            }
            assertThat(database.number("select sum(next_offset) from cdc.ledger")).isEqualTo(100);

            try (var syncer =
                    start("dropped", database, "SYNCER_ON_LOSS_TABLE_DROPPED", "recreate")) {
                await().atMost(LONG).until(() -> !database.values("shop.orders").isEmpty());
                await().atMost(LONG)
                        .until(
                                () ->
                                        database.number("select sum(next_offset) from cdc.ledger")
                                                == 200);
                database.execute("drop schema shop cascade");
                workload.send(1);
                await().atMost(LONG)
                        .until(
                                () ->
                                        database.number("select sum(next_offset) from cdc.ledger")
                                                == 201);
                assertThat(syncer.hasEnded()).isFalse();
            }
        }
    }
}
