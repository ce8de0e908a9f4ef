package dev.cdcpipeline.syncer.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cdcpipeline.platform.config.ConfigurationException;
import dev.cdcpipeline.syncer.consume.Subscription;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

class ConfigurationTest {
    @TempDir private Path folder;

    private static Map<String, String> environment(String... more) {
        var environment = new HashMap<String, String>();
        environment.put("SYNCER_KAFKA_BOOTSTRAP_SERVERS", "localhost:9092");
        environment.put("SYNCER_POSTGRESQL_URL", "jdbc:postgresql://localhost/app");
        environment.put("SYNCER_POSTGRESQL_USER", "cdc");
        for (int i = 0; i < more.length; i += 2) {
            environment.put(more[i], more[i + 1]);
        }
        return environment;
    }

    private static SyncerSettings load(String... more) {
        return SyncerSettings.load(null, environment(more));
    }

    @Test
    @DisplayName("I6: the dead-letter topic cannot be applied")
    void refusesTheDeadLetterTopic() {
        assertThatThrownBy(() -> load("SYNCER_KAFKA_TOPICS", "cdc.shop.orders,cdc.dead-letter"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("syncer.kafka.topics = cdc.dead-letter");

        Pattern pattern =
                Subscription.Matching.butLetters(
                                Pattern.compile("(?i)CDC[.-].*|x"), "cdc.own-letters")
                        .pattern();
        assertThat(pattern.matcher("cdc.own-letters").matches()).isFalse();
        assertThat(pattern.matcher("cdc.dead-letter").matches()).isFalse();
        assertThat(pattern.matcher("cdc-watcher-dead-letter").matches()).isFalse();
        assertThat(pattern.matcher("cdc.dead-letters").matches()).isTrue();
        assertThat(pattern.matcher("cdc.shop.orders").matches()).isTrue();
        assertThat(pattern.matcher("x").matches()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cdc dead letters", ".", "..", "cdc/letters", "cdc.briefk\u00e4sten"})
    @DisplayName("I6, 11.5: a name that no topic can have is refused before the first bad record")
    void refusesNamesThatNoTopicCanHave(String name) {
        assertThatThrownBy(
                        () ->
                                load(
                                        "SYNCER_KAFKA_TOPIC_PATTERN",
                                        "x",
                                        "SYNCER_DEAD_LETTER_TOPIC",
                                        name))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("syncer.dead-letter.topic = " + name + ": ");
        assertThatThrownBy(() -> load("SYNCER_KAFKA_TOPICS", "cdc.shop.orders," + name))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("syncer.kafka.topics")
                .hasMessageContaining(name + ": must be up to 249 letters");
    }

    @Test
    @DisplayName("I6, 11.5: a name that a topic can have is taken")
    void takesNamesThatATopicCanHave() {
        String longest = "...".repeat(83);
        assertThat(
                        load(
                                        "SYNCER_KAFKA_TOPICS",
                                        "...,A_b-1.2," + longest,
                                        "SYNCER_DEAD_LETTER_TOPIC",
                                        ".letters")
                                .kafka()
                                .topics())
                .contains(List.of("...", "A_b-1.2", longest));
    }

    @Test
    @DisplayName("11.5: a property that the JDBC driver would ignore without a word is refused")
    void refusesWhatTheDriverDoesNotKnow() {
        String pattern = "SYNCER_KAFKA_TOPIC_PATTERN";
        String properties = "SYNCER_POSTGRESQL_PROPERTIES_";
        assertThatThrownBy(() -> load(pattern, "cdc[.].*", properties + "SSL_MODE", "verify-full"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("syncer.postgresql.properties.ssl.mode");
        load(pattern, "cdc[.].*", properties + "SSLMODE", "verify-full");
        load(
                pattern,
                "cdc[.].*",
                properties + "SOCKETFACTORY",
                "com.google.cloud.sql.postgres.SocketFactory",
                properties + "CLOUDSQLINSTANCE",
                "one");
    }

    private void override(String schema, String... overrides) throws IOException {
        var yaml = new StringBuilder("syncer:\n  kafka: {topic-pattern: x}\n  table:\n");
        yaml.append("    schema: \"%s\"\n    overrides:\n".formatted(schema));
        for (String override : overrides) {
            yaml.append("      ").append(override).append('\n');
        }
        Path file = Files.writeString(folder.resolve("syncer.yaml"), yaml);
        SyncerSettings.load(file, environment());
    }

    @Test
    @DisplayName("11.5: a table without a schema is in that of the template, one for each database")
    void takesATableOfOneNameInTheSchemaOfEachDatabase() throws IOException {
        override("{db}", "a.orders: archive", "b.orders: archive");
        override("sales", "shop.x: sales.t", "shop.y: u", "shop.z: t.t");
        override("sales", "shop.x: 'sales.t.'");
    }

    @Test
    @DisplayName("I3, 11.5: two collections in one table are refused, however it is written")
    void refusesTwoCollectionsInOneTable() {
        assertThatThrownBy(() -> override("sales", "shop.x: sales.t", "shop.y: t"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(
                        "syncer.table.overrides.shop.y = t: is the table of shop.x already");
        assertThatThrownBy(() -> override("{db}", "shop.x: pg_a.t", "shop.y: _pg_a.t"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("is the table of shop.x already");
        String cut = "t".repeat(100);
        assertThatThrownBy(() -> override("{db}", "shop.x: " + cut, "shop.y: shop." + cut))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("is the table of shop.x already");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sales.", ".t", "."})
    @DisplayName("11.5: a table without a name, or in a schema without one, is refused")
    void refusesEmptyNamesOfTables(String table) {
        assertThatThrownBy(() -> override("{db}", "shop.x: '%s'".formatted(table)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(
                        "syncer.table.overrides.shop.x = "
                                + table
                                + ": must be schema.table, or a table in the schema of syncer.table.schema");
    }

    @ParameterizedTest
    @ValueSource(strings = {"shop", "'shop.'", "'.x'"})
    @DisplayName("11.5: what is not the name of a collection is refused")
    void refusesWhatIsNoCollection(String collection) {
        assertThatThrownBy(() -> override("{db}", collection + ": sales.t"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("is named by a collection, as database.collection");
    }

    @ParameterizedTest
    @CsvSource({
        "group.protocol, consumer, leave it out",
        "group.remote.assignor, uniform, leave it out",
        "isolation.level, read_uncommitted, leave it out",
        "bootstrap.servers, other:9092, set syncer.kafka.bootstrap-servers instead",
        "group.id, other, set syncer.kafka.group instead",
        "max.poll.records, 7, set syncer.kafka.max-poll-records instead",
        "metadata.max.age.ms, 7, set syncer.kafka.discovery-interval instead",
        "securty.protocol, SSL, did you mean security.protocol?",
    })
    @DisplayName("11.5: a property that Kafka's consumer would fail at or pass over is refused")
    void refusesWhatKafkaCannotUse(String name, String value, String says) {
        String variable = "SYNCER_KAFKA_PROPERTIES_" + name.toUpperCase(Locale.ROOT);
        assertThatThrownBy(
                        () ->
                                load(
                                        "SYNCER_KAFKA_TOPIC_PATTERN",
                                        "x",
                                        variable.replace('.', '_'),
                                        value))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("syncer.kafka.properties." + name)
                .hasMessageContaining(says);
    }

    @Test
    @DisplayName(
            "I7: a heap that is too small for the queue and the batches is told of, with what to do")
    void tellsOfAHeapThatIsTooSmall() {
        String pattern = "SYNCER_KAFKA_TOPIC_PATTERN";
        assertThat(HeapNeed.warning(load(pattern, "x"), 3, 512L << 20)).isEmpty();
        assertThat(HeapNeed.warning(load(pattern, "x"), 1, 256L << 20)).isPresent();
        assertThat(HeapNeed.warning(load(pattern, "x"), 24, 512L << 20))
                .hasValueSatisfying(
                        said ->
                                assertThat(said)
                                        .contains("fetches of up to 16 MiB from 24 brokers"));
        assertThat(
                        HeapNeed.warning(
                                load(pattern, "x", "SYNCER_QUEUE_MAX_BYTES", "1GiB"),
                                1,
                                512L << 20))
                .hasValueSatisfying(
                        said ->
                                assertThat(said)
                                        .contains(
                                                "a queue of 1024 MiB (syncer.queue.max-bytes),",
                                                "may take 2736 MiB of a heap of 512 MiB",
                                                "CDC_JAVA_OPTS=-Xmx4352m"));
    }

    @Test
    @DisplayName("I7: the heap's need is that of the operator's own fetch size")
    void countsTheOperatorsFetches() {
        String[] fetches = {
            "SYNCER_KAFKA_TOPIC_PATTERN",
            "x",
            "SYNCER_KAFKA_PROPERTIES_FETCH_MAX_BYTES",
            "268435456"
        };
        assertThat(HeapNeed.warning(load(fetches), 3, 512L << 20))
                .hasValueSatisfying(
                        said ->
                                assertThat(said)
                                        .contains("fetches of up to 256 MiB from 3 brokers"));
        fetches[3] = "1048576";
        assertThat(HeapNeed.warning(load(fetches), 24, 512L << 20)).isEmpty();
    }
}
