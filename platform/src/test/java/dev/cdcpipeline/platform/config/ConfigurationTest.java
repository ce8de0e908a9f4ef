package dev.cdcpipeline.platform.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cdcpipeline.platform.config.SampleSettings.Mode;
import dev.cdcpipeline.platform.secret.Secret;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

class ConfigurationTest {
    private static final String REQUIRED =
            """
            watcher:
              include: [shop.orders]
              kafka:
                bootstrap-servers: broker:9092
            """;

    @TempDir Path folder;

    @Test
    @DisplayName("11.2 A YAML file gives options of every shape and type")
    void readsEveryShapeAndTypeFromTheFile() throws IOException {
        var settings =
                load(
                        REQUIRED
                                + """
                                    properties:
                                      security.protocol: SSL
                                      sasl:
                                        mechanism: PLAIN
                                  full-document: off
                                  numbers: [1, 2]
                                  password: hush
                                  address: http://example.org/x
                                  folder: /var/lib/cdc
                                  small: 3
                                  large: 9000000000
                                  share: 0.5
                                  batch-bytes: 64KiB
                                  max-wait: 1m
                                  tombstones: true
                                  weights: {a: 1, b: 2}
                                  depth: 12
                                  log:
                                    levels:
                                      org.apache.kafka: info
                                """,
                        Map.of());

        assertThat(settings.include()).containsExactly("shop.orders");
        assertThat(settings.kafka().properties())
                .isEqualTo(Map.of("security.protocol", "SSL", "sasl.mechanism", "PLAIN"));
        assertThat(settings.fullDocument()).isEqualTo(Mode.OFF);
        assertThat(settings.numbers()).contains(List.of(1, 2));
        assertThat(settings.password()).contains(Secret.of("hush"));
        assertThat(settings.address()).contains(URI.create("http://example.org/x"));
        assertThat(settings.folder()).contains(Path.of("/var/lib/cdc"));
        assertThat(settings.small()).hasValue(3);
        assertThat(settings.large()).hasValue(9_000_000_000L);
        assertThat(settings.share()).hasValue(0.5);
        assertThat(settings.batchBytes()).isEqualTo(new ByteSize(64 << 10));
        assertThat(settings.maxWait()).isEqualTo(Duration.ofMinutes(1));
        assertThat(settings.tombstones()).isTrue();
        assertThat(settings.weights()).isEqualTo(Map.of("a", 1, "b", 2));
        assertThat(settings.flat().depth()).isEqualTo(12);
        assertThat(settings.log().levels()).containsEntry("org.apache.kafka", LogLevel.INFO);
        assertThat(settings.summary()).isEqualTo("1 patterns by broker:9092");
    }

    @Test
    @DisplayName("11.1 What nobody gives has its default, or is empty")
    void fallsBackToDefaults() throws IOException {
        var settings = load(REQUIRED, Map.of());

        assertThat(settings.http().port()).isEqualTo(8081);
        assertThat(settings.http().host()).isEqualTo("0.0.0.0");
        assertThat(settings.letters()).containsExactlyInAnyOrder("a", "b");
        assertThat(settings.fullDocument()).isEqualTo(Mode.UPDATE_LOOKUP);
        assertThat(settings.password()).isEmpty();
        assertThat(settings.folder()).isEmpty();
        assertThat(settings.small()).isEmpty();
        assertThat(settings.large()).isEmpty();
        assertThat(settings.share()).isEmpty();
        assertThat(settings.numbers()).isEmpty();
        assertThat(settings.kafka().properties()).isEmpty();
        assertThat(settings.retry().maxAttempts()).isZero();
    }

    @Test
    @DisplayName("11.1 The environment wins over the file, for every shape")
    void environmentWinsOverTheFile() throws IOException {
        var settings =
                load(
                        REQUIRED + "    properties: {acks: '1', linger.ms: '5'}\n",
                        Map.of(
                                "WATCHER_INCLUDE", "a.b, c.d\\,e",
                                "WATCHER_KAFKA_BOOTSTRAP_SERVERS", "other:9092",
                                "WATCHER_KAFKA_PROPERTIES_LINGER_MS", "20",
                                "WATCHER_HTTP_PORT", "0",
                                "WATCHER_BATCH_BYTES", "2mb"));

        assertThat(settings.include()).containsExactly("a.b", "c.d,e");
        assertThat(settings.kafka().bootstrapServers()).isEqualTo("other:9092");
        assertThat(settings.kafka().properties()).isEqualTo(Map.of("acks", "1", "linger.ms", "20"));
        assertThat(settings.http().port()).isZero();
        assertThat(settings.batchBytes()).isEqualTo(new ByteSize(2 << 20));
    }

    @Test
    @DisplayName("11.1 The environment alone is enough")
    void needsNoFile() {
        var settings =
                Configuration.load(
                        SampleSettings.class,
                        null,
                        Map.of(
                                "WATCHER_INCLUDE", "shop.*",
                                "WATCHER_KAFKA_BOOTSTRAP_SERVERS", "a:1,b:2"));

        assertThat(settings.include()).containsExactly("shop.*");
    }

    @Test
    @DisplayName("11.1 A secret may stand in a file that a variable names")
    void readsValuesFromFilesThatVariablesName() throws IOException {
        var secret = Files.writeString(folder.resolve("password"), "pa$${word}\n");
        var settings =
                load(
                        REQUIRED,
                        Map.of(
                                "WATCHER_PASSWORD_FILE", secret.toString(),
                                "WATCHER_KAFKA_PROPERTIES_SASL_JAAS_CONFIG_FILE",
                                        secret.toString()));

        assertThat(settings.password()).contains(Secret.of("pa$${word}"));
        assertThat(settings.kafka().properties()).containsEntry("sasl.jaas.config", "pa$${word}");
        assertThat(settings.toString()).doesNotContain("pa$${word}");
    }

    @Test
    @DisplayName("11.5 A variable and its file at once, or a file that is not there, are problems")
    void refusesAmbiguousAndMissingSecretFiles() {
        var problems =
                problems(
                        REQUIRED,
                        Map.of(
                                "WATCHER_PASSWORD", "x",
                                "WATCHER_PASSWORD_FILE", "/nowhere",
                                "WATCHER_FOLDER_FILE", "/nowhere/either"));

        assertThat(problems.problems())
                .extracting(Problem::key)
                .containsExactly("watcher.folder", "watcher.password");
        assertThat(problems)
                .hasMessageContaining("set either WATCHER_PASSWORD or WATCHER_PASSWORD_FILE")
                .hasMessageContaining("WATCHER_FOLDER_FILE must name a readable UTF-8 text file");
    }

    @Test
    @DisplayName("11.2 Expressions take variables, options of the file, and defaults")
    void resolvesExpressions() throws IOException {
        var settings =
                load(
                        REQUIRED
                                + """
                                  password: "${DB_PASSWORD}"
                                  folder: ${BASE:/data}/${watcher.http.host}
                                  http:
                                    host: localhost
                                """,
                        Map.of("DB_PASSWORD", "p"));

        assertThat(settings.password()).contains(Secret.of("p"));
        assertThat(settings.folder()).contains(Path.of("/data/localhost"));
    }

    @Test
    @DisplayName("11.5 An expression whose variable is not set is named")
    void namesAnExpressionThatCannotBeResolved() {
        assertThat(problems(REQUIRED + "  password: ${DB_PASSWORD}\n", Map.of()))
                .hasMessageContaining("watcher.password = ${DB_PASSWORD}: uses a variable");
    }

    @Test
    @DisplayName("11.4 A missing required value is named, with the variable that can give it")
    void namesMissingValuesWithTheirVariables() {
        assertThatThrownBy(() -> Configuration.load(SampleSettings.class, null, Map.of()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(
                        """
                        The configuration has 2 problems:
                          - watcher.include: is required: a text; several as a list or separated by\
                         commas; set it in the file or as WATCHER_INCLUDE
                          - watcher.kafka.bootstrap-servers: is required: host:port, or several\
                         separated by commas; set it in the file or as\
                         WATCHER_KAFKA_BOOTSTRAP_SERVERS""");
    }

    @Test
    @DisplayName("11.5 A mistyped key is named with the nearest option")
    void namesUnknownKeysWithTheNearestOption() {
        var problems =
                problems(
                        REQUIRED
                                + """
                                  full-dokument: "off"
                                  flag: 1
                                  http:
                                    prot: 1
                                wacher: x
                                syncer:
                                  whatever: is another's
                                """,
                        Map.of());

        assertThat(problems.problems())
                .containsExactly(
                        new Problem("wacher", null, "is not an option; did you mean watcher?"),
                        new Problem("watcher.flag", null, "is not an option"),
                        new Problem(
                                "watcher.full-dokument",
                                null,
                                "is not an option; did you mean watcher.full-document?"),
                        new Problem(
                                "watcher.http.prot",
                                null,
                                "is not an option; did you mean watcher.http.port?"));
    }

    @Test
    @DisplayName("11.5 A mistyped variable is named; those that Kubernetes makes are left alone")
    void namesMistypedVariables() {
        var problems =
                problems(
                        REQUIRED,
                        Map.of(
                                "WATCHER_HTPP_PORT", "1",
                                "WATCHER_PASWORD_FILE", "/run/secrets/x",
                                "WATCHER_SERVICE_HOST", "10.0.0.1",
                                "WATCHER_PORT", "tcp://10.0.0.1:8080",
                                "WATCHER_KAFKA_PROPERTIES_ACKS", "all"));

        assertThat(problems.problems())
                .containsExactly(
                        new Problem(
                                "WATCHER_HTPP_PORT",
                                null,
                                "is not an option; did you mean WATCHER_HTTP_PORT?"),
                        new Problem(
                                "WATCHER_PASWORD_FILE",
                                null,
                                "is not an option; did you mean WATCHER_PASSWORD?"));
    }

    @Test
    @DisplayName("11.5 A limit that is another option is checked")
    void checksOptionsAgainstEachOther() {
        assertThat(problems(REQUIRED + "  retry: {initial: 1m30s, max: 1m}\n", Map.of()).problems())
                .containsExactly(
                        new Problem(
                                "watcher.retry.initial",
                                "1m30s",
                                "must not exceed watcher.retry.max = 1m"));
    }

    @Test
    @DisplayName("10.5 Credentials are masked in problems")
    void masksCredentialsInProblems() {
        var problems =
                problems(
                        REQUIRED + "  address: 'mongodb://me:canary@host/ x'\n",
                        Map.of("WATCHER_WEIGHTS_API_TOKEN", "canary"));

        assertThat(problems.problems())
                .extracting(Problem::value)
                .containsExactly("mongodb://me:***@host/ x", "***");
        assertThat(problems).message().doesNotContain("canary");
    }

    @Test
    @DisplayName("11.5 A file that is not there or not YAML is one clear problem")
    void refusesFilesThatCannotBeRead() {
        assertThatThrownBy(
                        () ->
                                Configuration.load(
                                        SampleSettings.class, folder.resolve("no"), Map.of()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageEndingWith("no: the configuration file cannot be read");
        assertThat(problems("watcher:\n\tinclude: x\n", Map.of()).problems())
                .singleElement()
                .extracting(Problem::says)
                .asString()
                .contains("not valid YAML", "line 2");
    }

    @Test
    @DisplayName("11.5 The message is the operator's: no stack trace hides it")
    void hasNoStackTrace() {
        var problems = problems("watcher: {}\n", Map.of());
        var printed = new StringWriter();
        problems.printStackTrace(new PrintWriter(printed));

        assertThat(printed.toString().lines()).noneMatch(line -> line.startsWith("\tat "));
    }

    @Test
    void settingsCannotBeChanged() throws IOException {
        var settings = load(REQUIRED + "  numbers: [1]\n", Map.of());

        assertThatThrownBy(() -> settings.include().add("x"))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> settings.letters().clear())
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> settings.weights().put("x", 1))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> settings.numbers().orElseThrow().add(1))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void settingsAreEqualByTheirValuesAndPrintNone() throws IOException {
        var settings = load(REQUIRED + "  password: canary\n", Map.of());

        assertThat(settings)
                .isEqualTo(load(REQUIRED + "  password: canary\n", Map.of()))
                .hasSameHashCodeAs(load(REQUIRED + "  password: canary\n", Map.of()))
                .isNotEqualTo(load(REQUIRED + "  password: other\n", Map.of()));
        assertThat(settings.toString()).doesNotContain("canary").doesNotContain("broker");
    }

    @Test
    void duplicateKeysOfAFileAreRefused() {
        assertThat(problems(REQUIRED + "  depth: 1\n  depth: 2\n", Map.of()))
                .hasMessageContaining("duplicate key depth");
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
