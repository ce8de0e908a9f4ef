package dev.cdcpipeline.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.mongodb.client.MongoClients;

import dev.cdcpipeline.demo.ServiceProcess;
import dev.cdcpipeline.embedded.KafkaBroker;
import dev.cdcpipeline.embedded.PostgresServer;
import dev.cdcpipeline.embedded.mongo.MongoReplicaSet;
import dev.cdcpipeline.platform.lifecycle.ExitCode;
import dev.cdcpipeline.testkit.Gen;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * What running services log of generated failures, read back from their JSON: Properties 21 and 22.
 */
@Timeout(240)
class LogsTest {
    private static final int CASES = 120;
    private static final String CANARY = "canary";

    /** As a resume token has it: in hexadecimal. */
    private static final String CANARY_IN_A_TOKEN =
            HexFormat.of().formatHex(CANARY.getBytes(StandardCharsets.UTF_8));

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ObjectMapper STRICT = new ObjectMapper();
    private static final Set<String> LEVELS = Set.of("ERROR", "WARN", "INFO", "DEBUG", "TRACE");

    private final Random random = new Random();
    private final List<String> topics = List.of("cdc.shop.a", "cdc.shop.b", "cdc.shop.c");
    private KafkaBroker kafka;

    @BeforeEach
    void startKafka() throws Exception {
        kafka = KafkaBroker.start();
        try (var admin = Admin.create(broker())) {
            admin.createTopics(topics.stream().map(this::small).toList()).all().get();
        }
    }

    /** A topic that takes no record of more than a few thousand bytes. */
    private NewTopic small(String topic) {
        return new NewTopic(topic, 4, (short) 1).configs(Map.of("max.message.bytes", "4000"));
    }

    @AfterEach
    void stopKafka() {
        kafka.close();
    }

    private Map<String, Object> broker() {
        return Map.of("bootstrap.servers", kafka.bootstrapServers());
    }

    @Test
    @DisplayName(
            "10.3 10.5 Properties 21, 22: every record of a Watcher has every field; each event too"
                    + " large for Kafka is told with its namespace and the time of its token; a failure"
                    + " that repeats has its stack trace once; case W10: nothing of a document is in"
                    + " the log")
    void recordsOfAWatcherCarryTheirContext(@TempDir Path folder) throws Exception {
        Path checkpoints = Files.createDirectory(folder.resolve("checkpoints"));
        try (var mongo = MongoReplicaSet.start();
                var watcher = new ServiceProcess("watcher")) {
            watcher.jvmOptions(ServiceJvm.QUICK_START);
            watcher.start(
                    """
                    watcher:
                      mongodb: {uri: "%s"}
                      scope: {include: "shop.*"}
                      kafka: {bootstrap-servers: "%s"}
                      publish: {too-large: dead-letter}
                      checkpoint: {interval: 100ms, file: {path: "%s/position"}}
                      http: {host: 127.0.0.1, port: %d}
                      log: {format: json, level: debug}
                    """
                            .formatted(
                                    mongo.uri(),
                                    kafka.bootstrapServers(),
                                    checkpoints,
                                    watcher.httpPort()));
            watcher.awaitReady(PATIENCE);

            // When generated documents are too large, and the checkpoint's folder is gone for a
            // while
            Map<String, Integer> large = new HashMap<>();
            Files.move(checkpoints, folder.resolve("away"));
            try (var client = MongoClients.create(mongo.uri())) {
                for (int i = 0; i < CASES; i++) {
                    String collection = Gen.elements("a", "b", "c").next(random);
                    var bytes = new byte[random.nextInt(5_000, 50_000)];
                    random.nextBytes(bytes);
                    client.getDatabase("shop")
                            .getCollection(collection)
                            .insertOne(new Document("_id", CANARY + i).append("large", bytes));
                    large.merge("shop." + collection, 1, Integer::sum);
                }
            }
            await().atMost(PATIENCE)
                    .until(() -> tellingOf(watcher, "could not be saved").size() >= 3);
            Files.move(folder.resolve("away"), checkpoints);
            await().atMost(PATIENCE)
                    .until(() -> tellingOf(watcher, "too large for Kafka").size() == CASES);

            assertThat(watcher.stop()).isZero();
            assertEveryFieldIsThere(watcher, "watcher");
            assertStackTracesAreWrittenOnce(watcher);
            Map<String, Integer> told = new HashMap<>();
            Set<String> tokens = new HashSet<>();
            for (JsonNode each : tellingOf(watcher, "too large for Kafka")) {
                assertThat(each.get("level").textValue()).isEqualTo("ERROR");
                told.merge(each.get("namespace").textValue(), 1, Integer::sum);
                tokens.add(each.get("token").textValue());
            }
            assertThat(told).isEqualTo(large);
            assertThat(Files.readString(watcher.log()))
                    .as("case W10: an _id, or a token with one")
                    .doesNotContainIgnoringCase(CANARY)
                    .doesNotContainIgnoringCase(CANARY_IN_A_TOKEN);
            assertThat(tokens).hasSize(CASES).allMatch(token -> token.matches("82[0-9A-F]{16}"));
        }
    }

    @Test
    @DisplayName(
            "10.3 10.5 Properties 21, 22: every record of a Syncer has every field; generated records that cannot be applied"
                    + " are told with topic, partition and offset, or counted as not told")
    void recordsOfASyncerCarryTheirContext() throws Exception {
        try (var postgres = PostgresServer.start();
                var producer =
                        new KafkaProducer<>(
                                broker(), new ByteArraySerializer(), new ByteArraySerializer());
                var syncer = new ServiceProcess("syncer")) {
            syncer.jvmOptions(ServiceJvm.QUICK_START);
            syncer.start(
                    """
                    syncer:
                      kafka: {bootstrap-servers: "%s", topic-pattern: "cdc[.]shop[.].*"}
                      postgresql: {url: "%s", user: "%s"}
                      dead-letter: {max-share: 1}
                      retry: {max: 500ms}
                      http: {host: 127.0.0.1, port: %d}
                      log: {format: json, level: debug}
                    """
                            .formatted(
                                    kafka.bootstrapServers(),
                                    postgres.jdbcUrl(),
                                    postgres.user(),
                                    syncer.httpPort()));
            syncer.awaitReady(PATIENCE);

            // When generated records cannot be applied, and the database is away for a while
            Set<String> bad = new HashSet<>();
            for (int i = 0; i < CASES; i++) {
                bad.add(sendBad(producer));
            }
            await().atMost(PATIENCE).until(() -> deadLetters(syncer) == CASES);
            try {
                postgres.stop();
                await().atMost(PATIENCE)
                        .until(() -> !tellingOf(syncer, "does not answer").isEmpty());
            } finally {
                postgres.restart();
            }
            await().atMost(PATIENCE).until(syncer::isReady);
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofSeconds(1))
                    .until(
                            () -> {
                                bad.add(sendBad(producer));
                                return notTold(syncer) > 0;
                            });

            // And when the ledger takes no step any more, which stops it
            try (var connection =
                            DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), "");
                    var statement = connection.createStatement()) {
                statement.execute(
                        "create function refuse() returns trigger language plpgsql"
                                + " as 'begin raise exception ''no step''; end'");
                statement.execute(
                        "create trigger refuse before update on cdc.ledger"
                                + " for each statement execute function refuse()");
            }
            bad.add(sendBad(producer));
            await().atMost(PATIENCE).until(() -> !syncer.isAlive());

            assertThat(syncer.stop()).isEqualTo(ExitCode.FAILED.value());
            assertThat(tellingOf(syncer, "syncer stopped"))
                    .hasSize(1)
                    .allSatisfy(
                            each -> assertThat(each.get("level").textValue()).isEqualTo("ERROR"));
            assertEveryFieldIsThere(syncer, "syncer");
            assertStackTracesAreWrittenOnce(syncer);
            List<JsonNode> told = tellingOf(syncer, "cannot be applied");
            assertThat(told)
                    .isNotEmpty()
                    .allSatisfy(
                            each ->
                                    assertThat(bad)
                                            .contains(
                                                    each.get("topic").textValue()
                                                            + each.get("partition").textValue()
                                                            + "@"
                                                            + each.get("offset").textValue()));
            assertThat(told.size() + notTold(syncer)).isBetween(CASES, bad.size());
            assertThat(tellingOf(syncer, "a partition is applied"))
                    .isNotEmpty()
                    .allSatisfy(each -> assertThat(topics).contains(each.get("topic").textValue()))
                    .allSatisfy(each -> assertThat(each.get("offset").textValue()).isEqualTo("0"));
        }
    }

    /** Sends a record that is no event, and says which one it is. */
    private String sendBad(KafkaProducer<byte[], byte[]> producer) throws Exception {
        String text = Gen.strings(50).next(random);
        String topic = topics.get(random.nextInt(topics.size()));
        int partition = random.nextInt(4);
        byte[] key = "{\"_id\": 1}".getBytes(UTF_8);
        byte[] value = ("no event " + text).getBytes(UTF_8);
        var sent = producer.send(new ProducerRecord<>(topic, partition, key, value)).get();
        return topic + partition + "@" + sent.offset();
    }

    private static double deadLetters(ServiceProcess syncer) {
        String metrics = syncer.metrics();
        return metrics == null
                ? 0
                : metrics.lines()
                        .filter(line -> line.startsWith("cdc_syncer_dead_letters_total "))
                        .mapToDouble(line -> Double.parseDouble(line.split(" ", 2)[1]))
                        .sum();
    }

    /** How many records that cannot be applied were not told, as they were too many. */
    private static int notTold(ServiceProcess syncer) throws IOException {
        return tellingOf(syncer, "cannot be applied").stream()
                .filter(each -> each.has("suppressed"))
                .mapToInt(each -> Integer.parseInt(each.get("suppressed").textValue()))
                .sum();
    }

    private static List<JsonNode> tellingOf(ServiceProcess service, String what)
            throws IOException {
        return records(service, what).stream()
                .filter(each -> each.get("message").textValue().contains(what))
                .toList();
    }

    private static List<JsonNode> records(ServiceProcess service) throws IOException {
        return records(service, "");
    }

    /** All complete lines that hold a text: to read all of them is the most a poll does. */
    private static List<JsonNode> records(ServiceProcess service, String text) throws IOException {
        String log = Files.readString(service.log());
        List<JsonNode> records = new ArrayList<>();
        for (String line : log.substring(0, log.lastIndexOf('\n') + 1).lines().toList()) {
            if (line.contains(text)) {
                records.add(STRICT.readTree(line));
            }
        }
        return records;
    }

    private static void assertEveryFieldIsThere(ServiceProcess process, String service)
            throws IOException {
        for (JsonNode each : records(process)) {
            assertThat(Instant.parse(each.get("time").textValue())).isBefore(Instant.now());
            assertThat(LEVELS).contains(each.get("level").textValue());
            assertThat(each.get("service").textValue()).isEqualTo(service);
            assertThat(each.get("component").textValue()).isNotBlank();
            assertThat(each.get("thread").textValue()).isNotBlank();
            assertThat(each.get("message").textValue()).isNotBlank();
        }
    }

    /** No trace stands twice; where one is left out, the record says when it was written. */
    private static void assertStackTracesAreWrittenOnce(ServiceProcess process) throws IOException {
        Map<String, String> written = new HashMap<>();
        Set<String> traces = new HashSet<>();
        int leftOut = 0;
        for (JsonNode each : records(process)) {
            if (each.has("stackTrace")) {
                String trace = each.get("stackTrace").textValue();
                if (trace.contains("(stack trace as at ")) {
                    String at = trace.replaceAll("(?s).*stack trace as at (.*)\\).*", "$1");
                    assertThat(written).containsKey(at.substring(0, 19));
                    leftOut++;
                } else {
                    assertThat(trace).contains("\tat ");
                    String frames = trace.replaceAll("(?m)^(?!\\s).*$", "");
                    assertThat(traces.add(each.get("component") + frames)).as(trace).isTrue();
                    written.put(each.get("time").textValue().substring(0, 19), trace);
                }
            }
        }
        assertThat(leftOut + traces.size()).as("failures with a stack trace").isPositive();
    }
}
