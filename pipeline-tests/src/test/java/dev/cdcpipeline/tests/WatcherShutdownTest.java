package dev.cdcpipeline.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;

import dev.cdcpipeline.demo.ServiceProcess;
import dev.cdcpipeline.embedded.KafkaBroker;
import dev.cdcpipeline.embedded.mongo.TestMongo;
import dev.cdcpipeline.platform.lifecycle.ExitCode;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** The Watcher as a process of its own, stopped while much is in flight to Kafka. */
class WatcherShutdownTest {
    private static final int DOCUMENTS = 11_000;
    private static final int IN_FLIGHT = 10_000;
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Pattern GAUGE =
            Pattern.compile("^cdc_watcher_in_flight_events ([0-9.E]+)$", Pattern.MULTILINE);

    private KafkaBroker kafka;
    private TestMongo mongo;
    private String database;
    private MongoClient client;
    private ServiceProcess watcher;

    @BeforeEach
    void startAWatcherThatKeepsMuchInFlight() {
        kafka = KafkaBroker.start();
        mongo = TestMongo.start();
        database = mongo.newDatabase();
        client = MongoClients.create(mongo.uri());
        watcher = new ServiceProcess("watcher");
        watcher.jvmOptions(ServiceJvm.QUICK_START);
        // The producer sends a batch when it is full or a minute old: neither happens here.
        watcher.start(
                """
                watcher:
                  mongodb:
                    uri: "%s"
                  scope:
                    include: %s.orders
                  kafka:
                    bootstrap-servers: "%s"
                    properties:
                      linger.ms: "60000"
                      batch.size: "25000000"
                  topic:
                    partitions: 1
                  checkpoint:
                    file:
                      path: "%s"
                  http:
                    host: 127.0.0.1
                    port: %d
                """
                        .formatted(
                                mongo.uri(),
                                database,
                                kafka.bootstrapServers(),
                                watcher.folder().resolve("checkpoint"),
                                watcher.httpPort()));
        watcher.awaitReady(LIMIT);
    }

    @AfterEach
    void stopEverything() {
        try (var _ = kafka;
                var _ = mongo;
                var _ = client;
                var _ = watcher) {
            // Closed in reverse order.
        }
    }

    private void fillTheFlight() {
        MongoCollection<Document> orders = client.getDatabase(database).getCollection("orders");
        var _ =
                orders.insertMany(
                        IntStream.range(0, DOCUMENTS)
                                .mapToObj(i -> new Document("_id", i))
                                .toList());
        await().atMost(LIMIT).until(() -> inFlight() >= IN_FLIGHT);
    }

    private double inFlight() {
        String metrics = watcher.metrics();
        var found = GAUGE.matcher(metrics == null ? "" : metrics);
        return found.find() ? Double.parseDouble(found.group(1)) : 0;
    }

    private long published() throws ExecutionException, InterruptedException {
        var partition = new TopicPartition("cdc." + database + ".orders", 0);
        try (var admin =
                Admin.create(
                        Map.<String, Object>of("bootstrap.servers", kafka.bootstrapServers()))) {
            return admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                    .partitionResult(partition)
                    .get()
                    .offset();
        }
    }

    @Test
    @DisplayName(
            "9.4 9.5 Property 20: SIGTERM with 10,000 records in flight confirms them all, saves the token, and ends"
                    + " with 0")
    void confirmsTenThousandRecordsInFlightAtSigterm() throws Exception {
        // Given 10,000 records in flight, none of which Kafka has
        fillTheFlight();
        assertThat(published()).isZero();

        // When it gets SIGTERM
        int exitCode = watcher.stop();

        // Then all are in Kafka, and the next start repeats none of them
        assertThat(exitCode).as(watcher.logTail(20)).isZero();
        long confirmed = published();
        assertThat(confirmed).isGreaterThanOrEqualTo(IN_FLIGHT);
        watcher.restart();
        watcher.awaitReady(LIMIT);
        await().atMost(LIMIT).until(() -> inFlight() == DOCUMENTS - confirmed);
        assertThat(watcher.stop()).as(watcher.logTail(20)).isZero();
        assertThat(published()).isEqualTo(DOCUMENTS);
    }

    @Test
    @DisplayName("9.5: a second signal ends a Watcher at once that cannot drain")
    void endsAtOnceAtTheSecondSignal() throws Exception {
        // Given 10,000 records in flight and no Kafka to take them
        fillTheFlight();
        kafka.stop();

        // When it gets SIGTERM twice
        long pid = watcher.pid();
        assertThat(new ProcessBuilder("kill", "-TERM", Long.toString(pid)).start().waitFor())
                .isZero();
        await().atMost(LIMIT).until(this::isStopping);
        long begin = System.nanoTime();
        int exitCode = watcher.stop();

        // Then it has not waited for the deadline of 30 s
        assertThat(exitCode).as(watcher.logTail(20)).isEqualTo(ExitCode.FORCED.value());
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(15));
    }

    private boolean isStopping() throws IOException {
        return Files.readString(watcher.log()).contains("a second signal");
    }
}
