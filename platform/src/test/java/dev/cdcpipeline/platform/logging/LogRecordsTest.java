package dev.cdcpipeline.platform.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.encoder.Encoder;

import com.fasterxml.jackson.databind.ObjectMapper;

import dev.cdcpipeline.testkit.Gen;
import dev.cdcpipeline.testkit.Property;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

class LogRecordsTest {
    private static final ObjectMapper STRICT = new ObjectMapper();

    private final LoggerContext context = new LoggerContext();

    @Test
    @DisplayName(
            "10.3 Property 21: every record is one line of JSON with every field and its context")
    void everyRecordIsOneLineOfJson() {
        Property.forAll(
                300,
                LogRecordsTest::logged,
                logged -> {
                    var line = encode(EntryEncoder.json("syncer"), logged);
                    assertThat(line).endsWith("\n").hasLineCount(1);

                    var json = STRICT.readTree(line);
                    assertThat(json.get("time").textValue()).isEqualTo(logged.time.toString());
                    assertThat(json.get("level").textValue()).isEqualTo(logged.level.toString());
                    assertThat(json.get("service").textValue()).isEqualTo("syncer");
                    assertThat(json.get("component").textValue()).isEqualTo("write");
                    assertThat(json.get("thread").textValue()).isEqualTo(logged.thread);
                    assertThat(json.get("message").textValue()).isEqualTo(logged.message);
                    logged.expected()
                            .forEach(
                                    (name, value) ->
                                            assertThat(json.get(name).textValue())
                                                    .isEqualTo(value));
                });
    }

    @Test
    @DisplayName(
            "10.5 Property 22: an error carries its stack trace, causes and suppressed ones too")
    void errorsCarryTheirStackTrace() {
        Property.forAll(
                200,
                Gen.words(10).list(1, 5),
                messages -> {
                    var thrown = chain(messages);
                    var logged =
                            new Logged(
                                    Instant.EPOCH,
                                    Level.ERROR,
                                    "t",
                                    "m",
                                    Map.of(),
                                    Map.of(),
                                    thrown);

                    var json = STRICT.readTree(encode(EntryEncoder.json("s"), logged));
                    var trace = json.get("stackTrace").textValue();
                    var console = encode(EntryEncoder.console("s"), logged);

                    for (var message : messages) {
                        assertThat(trace).contains(message);
                        assertThat(console).contains(message);
                    }
                    assertThat(trace).contains("\tat " + LogRecordsTest.class.getName());
                    assertThat(trace)
                            .contains("Suppressed: java.lang.IllegalStateException: aside");
                });
    }

    @Test
    @DisplayName(
            "10.5 Property 22: the same failure again is told in one line that says when its trace was written")
    void writesAStackTraceOnce() {
        var encoder = EntryEncoder.console("s");

        var told = new ArrayList<String>();
        for (long seconds : new long[] {0, 60, 90_000}) {
            told.add(encode(encoder, failed(Instant.ofEpochSecond(seconds), "after " + seconds)));
        }

        assertThat(told.getFirst()).contains("\tat ");
        assertThat(told.get(1))
                .contains("after 60", "stack trace as at 1970-01-01T00:00:00Z")
                .doesNotContain("\tat ");
        assertThat(told.getLast()).contains("\tat ");
    }

    private static Logged failed(Instant time, String message) {
        return new Logged(
                time, Level.WARN, "t", "m", Map.of(), Map.of(), new IllegalStateException(message));
    }

    @Test
    @DisplayName("10.5 Property 21: no credential comes through, wherever it stands in a record")
    void noCredentialComesThrough() {
        Property.forAll(
                200,
                Gen.words(8),
                word -> {
                    var canary = "canary" + word;
                    var uri = "mongodb://me:" + canary + "@host/";
                    var logged =
                            new Logged(
                                    Instant.EPOCH,
                                    Level.ERROR,
                                    "t",
                                    "cannot reach " + uri,
                                    Map.of("source", uri),
                                    Map.of("password", canary, "sasl.jaas.config", canary),
                                    new IllegalStateException(
                                            uri, new RuntimeException("password=" + canary)));

                    assertThat(encode(EntryEncoder.json("s"), logged)).doesNotContain(canary);
                    assertThat(encode(EntryEncoder.console("s"), logged)).doesNotContain(canary);
                });
    }

    @Test
    @DisplayName(
            "10.3 A record may name its component; case W10: of a resume token the time is told,"
                    + " not the _id")
    void takesTheComponentAndTheTimeOfTheTokenFromTheContext() throws Exception {
        var logged =
                new Logged(
                        Instant.EPOCH,
                        Level.INFO,
                        "t",
                        "m",
                        Map.of("token", "8265A0B1C2000000012B042C0100296E5A1004"),
                        Map.of("component", "mongodb"),
                        null);

        var json = STRICT.readTree(encode(EntryEncoder.json("s"), logged));

        assertThat(json.get("component").textValue()).isEqualTo("mongodb");
        assertThat(json.get("token").textValue()).isEqualTo("8265A0B1C200000001***");
    }

    @Test
    void namesTheComponentByThePackage() {
        assertThat(LogEntry.component("dev.cdcpipeline.watcher.publish.Publisher"))
                .isEqualTo("publish");
        assertThat(LogEntry.component("dev.cdcpipeline.Main")).isEqualTo("cdcpipeline");
        assertThat(LogEntry.component("org.apache.kafka.clients.Metadata"))
                .isEqualTo("org.apache.kafka.clients.Metadata");
        assertThat(LogEntry.component("")).isEmpty();
    }

    private String encode(Encoder<ILoggingEvent> encoder, Logged logged) {
        var event = new LoggingEvent();
        event.setLoggerContext(context);
        event.setLoggerName("dev.cdcpipeline.syncer.write.Writer");
        event.setInstant(logged.time);
        event.setLevel(logged.level);
        event.setThreadName(logged.thread);
        event.setMessage(logged.message);
        event.setMDCPropertyMap(logged.mdc);
        logged.pairs.forEach((name, value) -> event.addKeyValuePair(new KeyValuePair(name, value)));
        if (logged.thrown != null) {
            event.setThrowableProxy(new ch.qos.logback.classic.spi.ThrowableProxy(logged.thrown));
        }
        return new String(encoder.encode(event), StandardCharsets.UTF_8);
    }

    private static Throwable chain(java.util.List<String> messages) {
        Throwable thrown = new IllegalStateException(messages.getFirst());
        thrown.addSuppressed(new IllegalStateException("aside"));
        for (var message : messages.subList(1, messages.size())) {
            thrown = new RuntimeException(message, thrown);
        }
        return thrown;
    }

    private static Logged logged(RandomGenerator random) {
        var texts = Gen.strings(30).map(text -> text.replace('=', '-').replace(':', '-'));
        return new Logged(
                Instant.ofEpochSecond(
                        random.nextLong(0, 4_000_000_000L), random.nextInt(1_000_000_000)),
                Gen.elements(Level.ERROR, Level.WARN, Level.INFO, Level.DEBUG, Level.TRACE)
                        .next(random),
                texts.next(random),
                texts.next(random),
                fields(random, texts),
                fields(random, texts),
                null);
    }

    private static Map<String, String> fields(RandomGenerator random, Gen<String> texts) {
        var names = Gen.elements("namespace", "topic", "partition", "offset", "token", "id");
        var fields = new TreeMap<String, String>();
        for (int i = random.nextInt(4); i > 0; i--) {
            fields.put(names.next(random), texts.next(random));
        }
        return fields;
    }

    private record Logged(
            Instant time,
            Level level,
            String thread,
            String message,
            Map<String, String> mdc,
            Map<String, String> pairs,
            @Nullable Throwable thrown) {

        Map<String, String> expected() {
            var expected = new TreeMap<>(mdc);
            expected.putAll(pairs);
            return expected;
        }
    }
}
