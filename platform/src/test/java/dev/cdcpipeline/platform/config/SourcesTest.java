package dev.cdcpipeline.platform.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cdcpipeline.platform.secret.Secret;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** How a YAML file and the environment spell values, and which of them counts. */
class SourcesTest {
    private static final String REQUIRED =
            """
            watcher:
              include: [shop.orders]
              kafka:
                bootstrap-servers: broker:9092
            """;

    @TempDir Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    ${NAME}            | v
                    ${NAME}x${NAME}    | vxv
                    ${NOPE:default}    | default
                    ${NOPE:${NAME}}    | v
                    a ${NOPE:${NO:y}}. | a y.
                    ${NAME:${NOPE}}    | v
                    ${${WHICH}}        | v
                    ${NOPE:a:b}        | a:b
                    ${NOPE:{x}}        | {x}
                    ${NOPE:a}b}        | ab}
                    $${NAME}           | ${NAME}
                    $$${NAME}          | $v
                    pa$$word           | pa$word
                    pa$word$           | pa$word$
                    {NAME}             | {NAME}
                    ${watcher.http.host} | h
                    ${watcher.weights.x} | 7
                    """)
    @DisplayName("11.2 An expression is a variable, an option of the file or a default")
    void expandsExpressions(String written, String read) throws IOException {
        var settings =
                load(
                        REQUIRED
                                + "  http: {host: h}\n  weights: {x: '${SEVEN}'}\n  password: '"
                                + written
                                + "'\n",
                        Map.of("NAME", "v", "WHICH", "NAME", "SEVEN", "7"));

        assertThat(settings.password()).contains(Secret.of(read));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    ${NOPE}
                    a${}b
                    ${ NAME }
                    ${NOPE:${NOPE2}}
                    ${watcher.password}
                    ${watcher.http.host}
                    """)
    @DisplayName("11.5 What nothing gives, or what names itself, is a problem of its option")
    void namesWhatNothingGives(String written) {
        var problems =
                problems(
                        REQUIRED
                                + "  http: {host: '${watcher.password}'}\n  password: '"
                                + written
                                + "'\n",
                        Map.of("NAME", "v"));

        assertThat(problems)
                .hasMessageContaining(
                        "watcher.password = " + written + ": uses a variable that is not set");
    }

    @Test
    @DisplayName("11.2 Expressions stand in lists and maps too, and may be empty")
    void expandsExpressionsEverywhere() throws IOException {
        var settings =
                load(
                        """
                        watcher:
                          include: ["${A}", 'x,${A}']
                          kafka:
                            bootstrap-servers: broker:9092
                            properties: {client.id: "${A}"}
                          password: "${EMPTY}"
                          folder: "${NOPE:}"
                        """,
                        Map.of("A", "a", "EMPTY", ""));

        assertThat(settings.include()).containsExactly("a", "x,a");
        assertThat(settings.kafka().properties()).isEqualTo(Map.of("client.id", "a"));
        assertThat(settings.password()).isEmpty();
        assertThat(settings.folder()).isEmpty();
    }

    @Test
    @DisplayName("11.2 Values are read as they are written, whatever type YAML sees in them")
    void readsScalarsAsWritten() throws IOException {
        var settings =
                load(
                        REQUIRED
                                + """
                                    properties:
                                      time: 2026-01-31T12:00:00Z
                                      date: 2026-01-31
                                      octal: 010
                                      exact: 2.50
                                      sexagesimal: 12:30
                                      switch: yes
                                      none:
                                      text: |
                                        two
                                        lines
                                """,
                        Map.of());

        assertThat(settings.kafka().properties())
                .isEqualTo(
                        Map.of(
                                "time", "2026-01-31T12:00:00Z",
                                "date", "2026-01-31",
                                "octal", "010",
                                "exact", "2.50",
                                "sexagesimal", "12:30",
                                "switch", "true",
                                "text", "two\nlines\n"));
    }

    @Test
    @DisplayName("11.2 Lists are YAML lists or texts with commas; aliases and merges are YAML's")
    void readsLists() throws IOException {
        var settings =
                load(
                        """
                        watcher:
                          include: "a, b\\\\,c,, d"
                          letters: []
                          numbers: [1, 2]
                          kafka: &kafka
                            bootstrap-servers: broker:9092
                          weights: &weights {a: 1, b: 2}
                        syncer:
                          kafka: {<<: *kafka}
                          weights: *weights
                        """,
                        Map.of());

        assertThat(settings.include()).containsExactly("a", "b,c", "d");
        assertThat(settings.letters()).isEmpty();
        assertThat(settings.numbers()).contains(List.of(1, 2));
        assertThat(settings.weights()).isEqualTo(Map.of("a", 1, "b", 2));
    }

    @Test
    @DisplayName("11.1 What is blank, in the file or in the environment, is not given")
    void passesOverWhatIsBlank() throws IOException {
        var settings =
                load(
                        REQUIRED + "  max-wait: 2s\n  http:\n    port:\n    host: ' '\n",
                        Map.of("WATCHER_MAX_WAIT", " ", "WATCHER_DEPTH_FILE", ""));

        assertThat(settings.maxWait()).isEqualTo(Duration.ofSeconds(2));
        assertThat(settings.http().port()).isEqualTo(8081);
        assertThat(settings.http().host()).isEqualTo("0.0.0.0");
        assertThat(settings.flat().depth()).isEqualTo(10);
    }

    @Test
    @DisplayName("11.1 The environment adds to a map and wins over its entries, files too")
    void spellsKeysOfMapsInTheEnvironment() throws IOException {
        var level = Files.writeString(folder.resolve("level"), "debug \n");
        var settings =
                load(
                        REQUIRED + "  log: {levels: {org.apache.kafka: info, com: warn}}\n",
                        Map.of(
                                "WATCHER_LOG_LEVELS_ORG_APACHE_KAFKA", "trace",
                                "WATCHER_LOG_LEVELS_IO_FILE", level.toString(),
                                "WATCHER_LOG_LEVELS_NET", "",
                                "WATCHER_LOG_LEVELS_", "x"));

        assertThat(settings.log().levels())
                .isEqualTo(
                        Map.of(
                                "org.apache.kafka", LogLevel.TRACE,
                                "com", LogLevel.WARN,
                                "io", LogLevel.DEBUG));
    }

    @Test
    @DisplayName("11.5 Unknown keys are named however deep, and shapes that do not fit")
    void namesUnknownKeysOfEveryShape() {
        var problems =
                problems(
                        """
                        watcher:
                          include: [shop.orders, {a: b}]
                          kafka:
                            bootstrap-servers: broker:9092
                          http: {port: {of: {mine: 1}}}
                          retry: 5
                          small: [1]
                          log: {level.s: x}
                        watcher.depth: 3
                        """,
                        Map.of());

        assertThat(problems.problems().stream().map(Problem::toString))
                .containsExactly(
                        "\"watcher.depth\": is not an option; did you mean watcher.depth?",
                        "watcher.http.port.of.mine: is not an option",
                        "watcher.include[1].a: is not an option; did you mean watcher.include?",
                        "watcher.log.\"level.s\": is not an option; did you mean watcher.log.levels?",
                        "watcher.retry: is not an option",
                        "watcher.small[0]: is not an option; did you mean watcher.small?");
    }

    @Test
    @DisplayName("11.5 Elements and entries are named one by one; secrets are never shown")
    void namesElementsAndEntries() {
        var problems =
                problems(
                        REQUIRED
                                + """
                                  numbers: [1, x, "${A}"]
                                  weights: {a: 1, my.password: canary, z: many}
                                """,
                        Map.of("A", "y"));

        assertThat(problems.problems().stream().map(Problem::toString))
                .containsExactly(
                        "watcher.numbers[1] = x: must be a whole number; several as a list or"
                                + " separated by commas",
                        "watcher.numbers[2] = y: must be a whole number; several as a list or"
                                + " separated by commas",
                        "watcher.weights.my.password = ***: must be a whole number",
                        "watcher.weights.z = many: must be a whole number");
    }

    @ParameterizedTest
    @CsvSource({"just text", "'- a'", "'# only a comment'", "''"})
    @DisplayName("11.4 A file without options leaves out what is required")
    void readsFilesWithoutOptions(String yaml) {
        assertThat(problems(yaml, Map.of()).problems())
                .extracting(Problem::key)
                .containsExactly("watcher.include", "watcher.kafka.bootstrap-servers");
    }

    @ParameterizedTest
    @CsvSource({
        "'a: 1\n---\nb: 2', expected a single document",
        "'a: {b: 1, b: 2}', duplicate key b",
        "'a: !!java.net.URL [x]', Global tag is not allowed"
    })
    @DisplayName("11.5 What is not one plain YAML document is one clear problem")
    void refusesWhatIsNoPlainYaml(String yaml, String says) {
        assertThat(problems(yaml, Map.of()).problems())
                .singleElement()
                .extracting(Problem::says)
                .asString()
                .startsWith("not valid YAML: ")
                .contains(says);
    }

    @Test
    @DisplayName("11.5 A rule that reads what is wrong or missing is passed over, others are not")
    void checksRulesOnWhatIsThere() throws IOException {
        var file =
                Files.writeString(
                        folder.resolve("watcher.yaml"), "watcher: {include: [a], depth: 0}");
        var problems =
                catchThrowableOfType(
                        ConfigurationException.class,
                        () ->
                                Configuration.load(
                                        SampleSettings.class,
                                        file,
                                        Map.of(),
                                        SampleSettings.RULES));

        assertThat(problems.problems().stream().map(Problem::key))
                .containsExactly(
                        "a rule of include", "watcher.depth", "watcher.kafka.bootstrap-servers");
    }

    private SampleSettings load(String yaml, Map<String, String> environment) throws IOException {
        return Configuration.load(
                SampleSettings.class,
                Files.writeString(folder.resolve("watcher.yaml"), yaml),
                environment);
    }

    private ConfigurationException problems(String yaml, Map<String, String> environment) {
        return catchThrowableOfType(ConfigurationException.class, () -> load(yaml, environment));
    }
}
