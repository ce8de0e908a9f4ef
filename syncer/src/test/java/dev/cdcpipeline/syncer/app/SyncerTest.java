package dev.cdcpipeline.syncer.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.syncer.support.Database;
import dev.cdcpipeline.syncer.support.Events;
import dev.cdcpipeline.syncer.support.Feed;
import dev.cdcpipeline.syncer.support.RunningSyncer;
import dev.cdcpipeline.syncer.support.Servers;

import org.bson.BsonString;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

class SyncerTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @Test
    @DisplayName("4.5, 5.4, 8.1, 9.3: events become rows; after a stop ledger and offsets agree")
    void appliesWhatIsInTheTopic() throws Exception {
        var database = new Database(Servers.postgres(), "applies");
        var expected = new HashMap<String, String>();
        var environment = RunningSyncer.environment(Servers.kafka(), database, "applies[.].*");
        try (var feed = new Feed(Servers.kafka(), "applies.shop.orders", 3);
                var syncer = new RunningSyncer(environment)) {
            workload(feed, new Events(new Namespace("shop", "orders")), 3_000, expected);

            await().atMost(LONG)
                    .untilAsserted(
                            () -> assertThat(database.values("shop.orders")).isEqualTo(expected));
            syncer.stop();
        }
        assertThat(
                        database.number(
                                "select sum(next_offset) from cdc.ledger where topic = 'applies.shop.orders'"))
                .isEqualTo(3_000);
    }

    private static void workload(
            Feed feed, Events events, int count, Map<String, String> expected) {
        var random = new Random(42);
        for (int i = 0; i < count; i++) {
            String id = "order-" + random.nextInt(500);
            var key = new BsonString(id);
            if (expected.containsKey(id) && random.nextInt(5) == 0) {
                feed.send(events.delete(key));
                expected.remove(id);
            } else {
                var document = Events.document(key, i);
                feed.send(
                        expected.containsKey(id)
                                ? events.update(document)
                                : events.insert(document));
                expected.put(id, Integer.toString(i));
            }
        }
        feed.flush();
    }
}
