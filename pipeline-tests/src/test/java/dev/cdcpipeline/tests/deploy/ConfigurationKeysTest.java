package dev.cdcpipeline.tests.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cdcpipeline.platform.config.Configuration;
import dev.cdcpipeline.platform.config.Option;
import dev.cdcpipeline.platform.config.Schema;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Every option that {@code deploy/} gives is one that the service has, with a value it takes. */
class ConfigurationKeysTest {
    /** What a Secret gives where the files of {@code deploy/} have none. */
    private static final Map<String, String> SECRETS =
            Map.of(
                    "WATCHER_MONGODB_URI", "mongodb://localhost",
                    "WATCHER_CHECKPOINT_REDIS_URL", "localhost:6379",
                    "SYNCER_POSTGRESQL_PASSWORD", "p");

    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(Deploy.path(""))) {
            return files.filter(file -> file.toString().contains("/config/"))
                    .filter(file -> Services.SETTINGS.containsKey(service(file)))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    @DisplayName("11.5 14.4 Every option of a configuration file is one of the service")
    void givesOptionsThatExist(Path file) {
        assertThatCode(() -> Configuration.load(settings(file), file, SECRETS))
                .doesNotThrowAnyException();
    }

    @Test
    @DisplayName("11.5 14.4 Loading finds an option that does not exist")
    void refusesAnUnknownOption(@TempDir Path folder) throws Exception {
        var file = Files.writeString(folder.resolve("watcher.yaml"), "watcher:\n  scopes: all\n");

        assertThatThrownBy(() -> Configuration.load(settings(file), file, SECRETS))
                .hasMessageContaining("watcher.scopes");
    }

    @Test
    @DisplayName("11.1 14.3 Every environment variable of compose and Secrets is an option")
    void givesEnvironmentVariablesThatExist() throws Exception {
        var names = new TreeSet<String>();
        Deploy.map(Deploy.at(compose(), "services"))
                .forEach((_, s) -> names.addAll(Deploy.map(Deploy.at(s, "environment")).keySet()));
        try (Stream<Path> files = Files.walk(Deploy.path("kubernetes"))) {
            files.filter(file -> file.toString().endsWith(".secret.env"))
                    .flatMap(file -> Deploy.text(file).lines())
                    .forEach(line -> names.add(line.split("=", 2)[0]));
        }
        for (var service : Services.SETTINGS.entrySet()) {
            Set<String> known = new TreeSet<>();
            Schema.of(service.getValue()).options().forEach(o -> known.add(o.environmentName()));
            String begin = service.getKey().toUpperCase(Locale.ROOT) + "_";

            assertThat(names)
                    .filteredOn(name -> name.startsWith(begin))
                    .allSatisfy(name -> assertThat(known).contains(name));
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    @DisplayName("9.5 A container is given longer to stop than the service takes at most")
    void waitsLongerThanTheDrain(Path file) throws Exception {
        String service = service(file);
        Object deadline =
                Deploy.map(Deploy.at(Deploy.yaml(file), service, "shutdown"))
                        .getOrDefault("deadline", defaultOf(service + ".shutdown.deadline"));
        Duration enough = duration(deadline).plusSeconds(5);

        Object compose = Deploy.at(compose(), "services", service, "stop_grace_period");
        assertThat(duration(compose)).isGreaterThan(enough);
        String manifest = Deploy.text(Deploy.path("kubernetes/base/" + service + ".yaml"));
        Object pod = Deploy.at(Deploy.documents(manifest).getFirst(), "spec", "template", "spec");
        assertThat(duration(Deploy.at(pod, "terminationGracePeriodSeconds") + "s"))
                .isGreaterThan(enough);
    }

    private static Duration duration(Object text) {
        return Duration.parse("PT" + text.toString().toUpperCase(Locale.ROOT));
    }

    private static Object defaultOf(String key) {
        var settings = Services.SETTINGS.getOrDefault(key.split("\\.", 2)[0], Void.class);
        return Schema.of(settings).find(key).map(Option::defaultValue).orElseThrow();
    }

    private static Map<String, Object> compose() {
        return Deploy.yaml(Deploy.path("compose/compose.yaml"));
    }

    private static Class<?> settings(Path file) {
        return Services.SETTINGS.getOrDefault(service(file), Void.class);
    }

    private static String service(Path file) {
        return file.getFileName().toString().replace(".yaml", "");
    }
}
