package dev.cdcpipeline.syncer.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.platform.failure.Explained;
import dev.cdcpipeline.syncer.support.Database;
import dev.cdcpipeline.syncer.support.Events;
import dev.cdcpipeline.syncer.support.Feed;
import dev.cdcpipeline.syncer.support.Letters;
import dev.cdcpipeline.syncer.support.RunningSyncer;
import dev.cdcpipeline.syncer.support.Servers;
import dev.cdcpipeline.syncer.support.Topics;

import org.bson.BsonInt32;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Map;

/** I6: a record is set aside for what it holds, and for nothing else. */
class RefusedSetUpTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final Events events = new Events(new Namespace("shop", "orders"));

    private static Map<String, String> environment(String name, Database database) {
        var environment = RunningSyncer.environment(Servers.kafka(), database, name + "[.].*");
        environment.put("SYNCER_DEAD_LETTER_TOPIC", name + ".letters");
        return environment;
    }

    private void insert(Feed feed, int from, int to) {
        for (int i = from; i < to; i++) {
            feed.send(events.insert(Events.document(new BsonInt32(i), i)));
        }
        feed.flush();
    }

    @Test
    @DisplayName(
            "case S7: an event trigger that raises at CREATE TABLE stops the service with its words, no letter is written, nothing moves")
    void anEventTriggerStopsTheService() throws Exception {
        var database = new Database(Servers.postgres(), "no_tables");
        try (var feed = new Feed(Servers.kafka(), "no-tables.shop.orders", 1);
                var topics = new Topics(Servers.kafka())) {
            topics.create("no-tables.letters", 1 << 20);
            insert(feed, 0, 3);
            database.execute(
                    "create function no() returns event_trigger language plpgsql as"
                            + " $$ begin if exists (select from pg_event_trigger_ddl_commands()"
                            + " where schema_name = 'shop' and command_tag = 'CREATE TABLE')"
                            + " then raise 'tables are made by the administrators'; end if; end $$",
                    "create event trigger no on ddl_command_end execute function no()");
            try (var syncer = new RunningSyncer(environment("no-tables", database))) {
                assertThat(syncer.failure())
                        .isInstanceOf(Explained.class)
                        .hasMessageContaining("tables are made by the administrators")
                        .hasMessageContaining("P0001");
            }
            assertThat(topics.end("no-tables.letters")).isZero();
            assertThat(database.number("select next_offset from cdc.ledger")).isZero();

            database.execute("drop event trigger no");
            try (var _ = new RunningSyncer(environment("no-tables", database))) {
                await().atMost(LONG).until(() -> database.values("shop.orders").size() == 3);
            }
        }
    }

    @Test
    @DisplayName("case S3: two deletes that row-level security would hide stop the service")
    void hiddenRowsStopTheService() throws Exception {
        var database = new Database(Servers.postgres(), "hidden");
        String role = database.quotedName();
        database.execute(
                "create role %s login".formatted(role),
                "grant create, temporary on database %s to %s"
                        .formatted(database.quotedName(), role),
                "create schema shop",
                "create table shop.orders (_id text primary key, doc jsonb not null, _cdc_version bigint not null)",
                "insert into shop.orders values ('0', '{}', 1), ('1', '{}', 1)",
                "grant usage on schema shop to " + role,
                "grant all on shop.orders to " + role,
                "alter table shop.orders enable row level security",
                "create policy s on shop.orders for select using (true)");
        var environment = environment("hidden", database);
        environment.put("SYNCER_POSTGRESQL_USER", role.replace("\"", ""));
        try (var feed = new Feed(Servers.kafka(), "hidden.shop.orders", 1)) {
            feed.send(events.delete(new BsonInt32(0)));
            feed.send(events.delete(new BsonInt32(1)));
            feed.flush();
            try (var syncer = new RunningSyncer(environment)) {
                assertThat(syncer.failure()).hasMessageContaining("row-level security");
            }
            assertThat(database.number("select next_offset from cdc.ledger")).isZero();
            database.execute("alter role %s bypassrls".formatted(role));
            try (var _ = new RunningSyncer(environment)) {
                await().atMost(LONG).until(() -> database.values("shop.orders").isEmpty());
            }
        }
    }

    @Test
    @DisplayName(
            "case S15: the letter names constraint, table and PostgreSQL's message, and no value of the document")
    void theLetterNamesWhatRefused() throws Exception {
        var database = new Database(Servers.postgres(), "unique");
        database.execute(
                "create schema shop",
                "create table shop.orders (_id text primary key, doc jsonb not null, _cdc_version bigint not null,"
                        + " n smallint generated always as ((doc->>'value')::smallint) stored"
                        + " constraint small check (n < 7000), constraint one_of_each unique (n))");
        try (var feed = new Feed(Servers.kafka(), "unique.shop.orders", 1)) {
            insert(feed, 0, 20);
            feed.send(events.insert(Events.document(new BsonInt32(100), 7)));
            feed.send(events.insert(Events.document(new BsonInt32(101), 7_123)));
            feed.send(events.insert(Events.document(new BsonInt32(102), 777_123)));
            insert(feed, 20, 40);
            try (var _ = new RunningSyncer(environment("unique", database))) {
                await().atMost(LONG).until(() -> database.values("shop.orders").size() == 40);
            }
        }
        var letters = Letters.read(Servers.kafka(), "unique.letters", 3);
        assertThat(letters.get(0).header("cdc.dlq.cause"))
                .contains("23505", "duplicate key value violates unique constraint")
                .contains("table shop.orders", "constraint one_of_each")
                .doesNotContain("7)");
        assertThat(letters.get(1).header("cdc.dlq.cause"))
                .contains("23514", "violates check constraint", "constraint small")
                .doesNotContain("7123");
        assertThat(letters.get(2).header("cdc.dlq.cause")) // its message quotes the value
                .contains("22003")
                .doesNotContain("777123");
    }
}
