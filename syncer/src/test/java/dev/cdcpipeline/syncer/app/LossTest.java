package dev.cdcpipeline.syncer.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cdcpipeline.embedded.KafkaBroker;
import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.syncer.consume.DataLossException;
import dev.cdcpipeline.syncer.support.Database;
import dev.cdcpipeline.syncer.support.Events;
import dev.cdcpipeline.syncer.support.Feed;
import dev.cdcpipeline.syncer.support.RunningSyncer;
import dev.cdcpipeline.syncer.support.Servers;
import dev.cdcpipeline.syncer.support.Topics;
import dev.cdcpipeline.syncer.support.Workload;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Map;

/** I5: where Kafka no longer holds what comes next, the service stops and says what is missing. */
class LossTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    /** A Syncer's surroundings: one topic, one database. */
    private record Place(KafkaBroker broker, String name, Database database) {

        static Place shared(String name) {
            return new Place(Servers.kafka(), name, new Database(Servers.postgres(), name));
        }

        String topic() {
            return name + ".shop.orders";
        }

        Feed feed(int partitions) {
            return new Feed(broker, topic(), partitions);
        }

        RunningSyncer start(String... options) {
            var environment = RunningSyncer.environment(broker, database, name + "[.].*");
            for (int i = 0; i < options.length; i += 2) {
                environment.put(options[i], options[i + 1]);
            }
            return new RunningSyncer(environment);
        }

        void converges(Map<String, String> expected) {
            await().atMost(LONG)
                    .untilAsserted(
                            () -> assertThat(database.values("shop.orders")).isEqualTo(expected));
        }
    }

    private static Workload workload(Feed feed) {
        return new Workload(feed, new Events(new Namespace("shop", "orders")), 1, 50);
    }

    @Test
    @DisplayName("I5: records deleted before they were applied stop the service, or are accepted")
    void deletedRecordsStopTheService() throws Exception {
        Place place = Place.shared("gone");
        try (var feed = place.feed(1);
                var topics = new Topics(place.broker())) {
            Workload workload = workload(feed);
            workload.send(100);
            try (var _ = place.start()) {
                place.converges(workload.expected());
            }
            workload.send(100);
            topics.deleteRecordsBefore(place.topic(), 0, 150);

            try (var syncer = place.start()) {
                assertThat(syncer.failure())
                        .isInstanceOf(DataLossException.class)
                        .hasMessageContaining("gone.shop.orders-0")
                        .hasMessageContaining("50 records were deleted before they were applied");
            }
            try (var syncer = place.start("SYNCER_ON_LOSS_OFFSET_GONE", "continue")) {
                await().atMost(LONG).until(() -> syncer.count("cdc.syncer.consumed") == 50);
            }
        }
    }

    @Test
    @DisplayName("I5: a topic created anew while the service stood still is noticed at its start")
    void aTopicCreatedAnewIsNoticedAtTheStart() throws Exception {
        Place place = Place.shared("anew");
        try (var topics = new Topics(place.broker())) {
            try (var feed = place.feed(1);
                    var _ = place.start()) {
                Workload workload = workload(feed);
                workload.send(100);
                place.converges(workload.expected());
            }
            topics.delete(place.topic());
            try (var feed = place.feed(1)) {
                feed.send(new Events(new Namespace("shop", "other")).drop());
                feed.flush();
                try (var syncer = place.start()) {
                    assertThat(syncer.failure())
                            .isInstanceOf(DataLossException.class)
                            .hasMessageContaining("anew.shop.orders: the topic was deleted")
                            .hasMessageContaining("syncer.on-loss.topic-recreated");
                }
                try (var syncer = place.start("SYNCER_ON_LOSS_TOPIC_RECREATED", "continue")) {
                    await().atMost(LONG).until(() -> syncer.count("cdc.syncer.consumed") == 1);
                }
            }
        }
    }

    @Test
    @DisplayName(
            "I5: a topic created anew while it is applied is noticed by its id, not its offsets")
    void aTopicCreatedAnewIsNoticedWhileRunning() throws Exception {
        Place place = Place.shared("swapped");
        try (var topics = new Topics(place.broker());
                var feed = place.feed(2);
                var syncer = place.start()) {
            Workload workload = workload(feed);
            workload.send(100);
            place.converges(workload.expected());

            topics.delete(place.topic());
            try (var again = place.feed(2)) {
                workload(again).send(400); // past the offsets that the old one had

                assertThat(syncer.failure())
                        .isInstanceOf(DataLossException.class)
                        .hasMessageContaining("swapped.shop.orders: the topic was deleted");
            }
        }
    }

    @Test
    @DisplayName("I5: a log that ends before the ledger, and one that was cut and filled again")
    void aLostLogIsNoticedAtTheStart() throws Exception {
        try (var broker = KafkaBroker.start()) {
            Place place = new Place(broker, "ahead", new Database(Servers.postgres(), "ahead"));
            try (var feed = place.feed(1)) {
                Workload workload = workload(feed);
                workload.send(100);
                try (var _ = place.start()) {
                    place.converges(workload.expected());
                }
                broker.stop();
                broker.loseRecords(place.topic(), 0);
                broker.restart();

                try (var syncer = place.start()) {
                    assertThat(syncer.failure())
                            .isInstanceOf(DataLossException.class)
                            .hasMessageContaining(
                                    "ahead.shop.orders-0: the ledger is at offset 100, but Kafka's"
                                            + " log ends at 0");
                }
                workload.send(150); // the offsets are there again, with other records
                try (var syncer = place.start()) {
                    assertThat(syncer.failure())
                            .isInstanceOf(DataLossException.class)
                            .hasMessageContaining("lost its log from offset 0 on");
                }
                try (var _ = place.start("SYNCER_ON_LOSS_LEDGER_AHEAD", "continue")) {
                    place.converges(workload.expected());
                }
                try (var _ = place.start()) {
                    workload.send(10);
                    place.converges(workload.expected());
                }
            }
        }
    }

    @Test
    @DisplayName("I5: a log that is cut and filled again while it is applied")
    void aLogCutWhileRunningIsNoticed() throws Exception {
        try (var broker = KafkaBroker.start()) {
            Place place = new Place(broker, "cut", new Database(Servers.postgres(), "cut"));
            try (var feed = place.feed(1);
                    var syncer = place.start()) {
                Workload workload = workload(feed);
                workload.send(100);
                place.converges(workload.expected());

                broker.stop();
                broker.loseRecords(place.topic(), 0);
                broker.restart();
                workload.send(150);

                assertThat(syncer.failure())
                        .isInstanceOf(DataLossException.class)
                        .hasMessageContaining("cut.shop.orders-0: the ledger is at offset 100")
                        .hasMessageContaining("syncer.on-loss.ledger-ahead");
            }
        }
    }

    @Test
    @DisplayName("I3, I5: partitions added to a topic in use stop the service until it is accepted")
    void addedPartitionsStopTheService() throws Exception {
        Place place = Place.shared("grown");
        try (var topics = new Topics(place.broker());
                var feed = place.feed(2)) {
            Workload workload = workload(feed);
            workload.send(100);
            try (var syncer = place.start()) {
                place.converges(workload.expected());
                topics.growTo(place.topic(), 3);
                assertThat(syncer.failure())
                        .isInstanceOf(DataLossException.class)
                        .hasMessageContaining("grown.shop.orders has 3 partitions, but had 2");
            }
            try (var syncer = place.start()) {
                assertThat(syncer.failure()).hasMessageContaining("partitions-added");
            }
            try (var _ = place.start("SYNCER_ON_LOSS_PARTITIONS_ADDED", "continue")) {
                workload.send(100);
                place.converges(workload.expected());
            }
            try (var _ = place.start()) {
                workload.send(100);
                place.converges(workload.expected());
            }
        }
    }
}
