package dev.cdcpipeline.syncer.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.syncer.support.Database;
import dev.cdcpipeline.syncer.support.Events;
import dev.cdcpipeline.syncer.support.Feed;
import dev.cdcpipeline.syncer.support.LogLines;
import dev.cdcpipeline.syncer.support.RunningSyncer;
import dev.cdcpipeline.syncer.support.Servers;

import org.bson.BsonInt32;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.Map;

/** I3: dead letters, whosever and wherever, are no changes; one that was played back is. */
class StrayLetterTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final Events events = new Events(new Namespace("shop", "orders"));

    @ParameterizedTest
    @ValueSource(strings = {"cdc.dlq.topic", "__connect.errors.topic", "kafka_dlt-original-topic"})
    @DisplayName(
            "case S8: a pattern that matches somebody's dead letters applies none of them; one in its own topic is applied")
    void lettersOfOthersAreLeftOut(String header) throws Exception {
        String name = "stray" + header.length();
        var database = new Database(Servers.postgres(), "stray");
        try (var feed = new Feed(Servers.kafka(), name + ".shop.orders", 1);
                var others = new Feed(Servers.kafka(), name + ".others.dead-letters", 1);
                var log = new LogLines("dev.cdcpipeline.syncer.consume.StrayLetters");
                var syncer =
                        new RunningSyncer(
                                RunningSyncer.environment(
                                        Servers.kafka(), database, name + "[.].*"))) {
            var old = events.insert(Events.document(new BsonInt32(1), 1));
            feed.send(old);
            feed.send(events.delete(new BsonInt32(1)));
            feed.send(
                    events.insert(Events.document(new BsonInt32(2), 2)),
                    Map.of(header, name + ".shop.orders"));
            feed.flush();
            others.send(old, Map.of(header, name + ".shop.orders"));
            others.sendRaw(new byte[] {1}, new byte[] {2}, Map.of(header, "cdc.elsewhere"));
            others.flush();

            await().atMost(LONG).until(() -> syncer.count("cdc.syncer.stray.letters") == 2);
            await().atMost(LONG)
                    .untilAsserted(
                            () ->
                                    assertThat(database.values("shop.orders"))
                                            .isEqualTo(Map.of("2", "2")));
            assertThat(syncer.count("cdc.syncer.dead.letters")).isZero();
            assertThat(log.with(name + ".others.dead-letters")).hasSize(1);
            await().atMost(LONG)
                    .until(() -> database.number("select sum(next_offset) from cdc.ledger") == 5);
        }
    }
}
