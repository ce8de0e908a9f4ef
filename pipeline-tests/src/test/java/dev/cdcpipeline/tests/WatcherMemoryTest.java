package dev.cdcpipeline.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;

import dev.cdcpipeline.demo.ServiceProcess;
import dev.cdcpipeline.embedded.KafkaBroker;
import dev.cdcpipeline.embedded.mongo.MongoReplicaSet;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.bson.Document;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;

/** The Watcher as a process of its own with the heap that {@code bin/cdc watcher} gives it. */
class WatcherMemoryTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int EACH = 8;

    /** As in cli/src/distribution/bin/cdc. */
    private static final List<String> LAUNCHER =
            List.of(
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-XX:+UseCompactObjectHeaders",
                    "-Xmx512m");

    @ParameterizedTest
    @CsvSource({
        "bson, batched, 17, 0",
        "bson, server, 17, 0",
        "json, batched, 1, 16",
    })
    @DisplayName(
            "case S2: Eight of the largest documents pass, inserted and updated; as JSON, of which the topic"
                    + " takes less, each is told of")
    void publishesTheLargestDocuments(String format, String postImage, int published, int letters)
            throws Exception {
        try (var kafka = KafkaBroker.start();
                var mongo = MongoReplicaSet.start();
                var client = MongoClients.create(mongo.uri());
                var watcher = new ServiceProcess("watcher")) {
            watcher.jvmOptions(LAUNCHER);
            watcher.start(configuration(kafka, mongo, watcher, format, postImage));
            watcher.awaitReady(LIMIT);

            MongoCollection<Document> orders = client.getDatabase("shop").getCollection("orders");
            String controls = "\u0001".repeat(15 << 20);
            for (int i = 0; i < EACH; i++) {
                orders.insertOne(new Document("_id", i).append("value", controls));
            }
            for (int i = 0; i < EACH; i++) {
                orders.updateOne(
                        new Document("_id", i), new Document("$set", new Document("n", 1)));
            }
            orders.insertOne(new Document("_id", "last"));

            await().atMost(LIMIT)
                    .until(
                            () ->
                                    !watcher.isAlive()
                                            || records(kafka, "cdc.shop.orders") == published);
            assertThat(watcher.isAlive()).as(watcher.logTail(20)).isTrue();
            assertThat(letters == 0 ? 0 : records(kafka, "cdc-watcher-dead-letter"))
                    .isEqualTo(letters);
            assertThat(watcher.stop()).as(watcher.logTail(20)).isZero();
        }
    }

    private static long records(KafkaBroker kafka, String topic) throws InterruptedException {
        try (var admin =
                Admin.create(
                        Map.<String, Object>of("bootstrap.servers", kafka.bootstrapServers()))) {
            long records = 0;
            var described = admin.describeTopics(List.of(topic)).allTopicNames().get();
            int partitions = Objects.requireNonNull(described.get(topic)).partitions().size();
            for (int i = 0; i < partitions; i++) {
                var partition = new TopicPartition(topic, i);
                records +=
                        admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                                .partitionResult(partition)
                                .get()
                                .offset();
            }
            return records;
        } catch (ExecutionException e) {
            return 0; // the topic is not there yet
        }
    }

    private static String configuration(
            KafkaBroker kafka,
            MongoReplicaSet mongo,
            ServiceProcess watcher,
            String format,
            String postImage) {
        return """
        watcher:
          mongodb:
            uri: "%s"
          scope:
            include: shop.orders
          post-image: %s
          wire:
            format: %s
          kafka:
            bootstrap-servers: "%s"
          publish:
            too-large: dead-letter
          checkpoint:
            file:
              path: "%s"
          http:
            host: 127.0.0.1
            port: %d
        """
                .formatted(
                        mongo.uri(),
                        postImage,
                        format,
                        kafka.bootstrapServers(),
                        watcher.folder().resolve("checkpoint"),
                        watcher.httpPort());
    }
}
