package dev.cdcpipeline.platform.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.cdcpipeline.platform.secret.Secret;
import dev.cdcpipeline.testkit.Gen;
import dev.cdcpipeline.testkit.Property;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

class ConfigurationPropertyTest {
    /** Options with values they may have and values they may not. */
    private static final List<Given> GIVEN =
            List.of(
                    new Given("watcher.http.port", "0|65535|8080", "-1|65536|http|1.5|9999999999"),
                    new Given(
                            "watcher.depth", "1|9223372036854775807", "0|-5|x|9223372036854775808"),
                    new Given("watcher.share", "0.5|-1e9|3", "NaN|Infinity|half"),
                    new Given("watcher.tombstones", "true|FALSE", "yes|1|on"),
                    new Given("watcher.full-document", "off|OFF|update_lookup", "lookup|0"),
                    new Given("watcher.batch-bytes", "1KiB|1024|1g", "1023|2GiB|-1|1 parsec"),
                    new Given("watcher.max-wait", "0|60000ms|PT1M|59s999ms", "61s|5|-1s|soon|2d"),
                    new Given("watcher.retry.jitter", "0|1|0.25", "1.01|-0.1|lots"),
                    new Given("watcher.retry.max-attempts", "0|1000000", "1000001|-1|two"),
                    new Given("watcher.log.level", "info|TRACE", "verbose|5"),
                    new Given("watcher.address", "http://h/p|urn:x", "http://h/ p|%"),
                    new Given("watcher.kafka.bootstrap-servers", "a:1|a:1, b:2", "a|a:1;b:2|:9092"),
                    new Given("watcher.small", "7|-7", "2147483648|x"));

    private static final Set<String> REQUIRED =
            Set.of("watcher.include", "watcher.kafka.bootstrap-servers");

    @TempDir Path folder;

    @Test
    @DisplayName("11.5 Property 23: exactly the wrong options are refused, all of them at once")
    void namesEveryWrongOptionAndNoOther() {
        Property.forAll(300, ConfigurationPropertyTest::plan, this::refusesExactlyTheWrongOnes);
    }

    @Test
    @DisplayName(
            "11.1 Property 23: a text from the environment is read as it is, whatever it holds")
    void readsTextsFromTheEnvironmentLiterally() {
        Property.forAll(
                300,
                Gen.strings(40),
                text -> {
                    var settings =
                            Configuration.load(
                                    SampleSettings.class,
                                    null,
                                    Map.of(
                                            "WATCHER_INCLUDE",
                                            "a.b",
                                            "WATCHER_KAFKA_BOOTSTRAP_SERVERS",
                                            "h:1",
                                            "WATCHER_PASSWORD",
                                            text + ".",
                                            "WATCHER_KAFKA_PROPERTIES_SASL_JAAS_CONFIG",
                                            text + "."));
                    assertThat(settings.password()).contains(Secret.of(text + "."));
                    assertThat(settings.kafka().properties())
                            .containsEntry("sasl.jaas.config", text + ".");
                });
    }

    private void refusesExactlyTheWrongOnes(Plan plan) throws IOException {
        var file = Files.writeString(folder.resolve("c.yaml"), plan.yaml());

        var thrown =
                catchThrowable(
                        () -> Configuration.load(SampleSettings.class, file, plan.environment));

        if (plan.wrong.isEmpty()) {
            assertThat(thrown).isNull();
            return;
        }
        assertThat(thrown).isInstanceOf(ConfigurationException.class);
        var problems = ((ConfigurationException) thrown).problems();
        assertThat(problems)
                .extracting(Problem::key)
                .containsExactlyElementsOf(plan.wrong.keySet());
        for (var problem : problems) {
            assertThat(thrown).hasMessageContaining(problem.toString());
            assertThat(problem.says()).isNotBlank();
            assertThat(problem.value()).isEqualTo(plan.wrong.get(problem.key()));
        }
    }

    private static Plan plan(RandomGenerator random) {
        var plan = new Plan(new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
        for (var given : GIVEN) {
            plan.add(given, random);
        }
        if (random.nextInt(4) > 0) {
            plan.file.put("watcher.include", "shop.*");
        } else {
            plan.wrong.put("watcher.include", null);
        }
        if (random.nextInt(4) == 0) {
            plan.file.put("watcher.nonsense", "1");
            plan.wrong.put("watcher.nonsense", null);
        }
        return plan;
    }

    /** An option, good values and bad ones. */
    private record Given(String key, String good, String bad) {
        String pick(String values, RandomGenerator random) {
            var all = values.split("\\|", -1);
            return all[random.nextInt(all.length)];
        }
    }

    /**
     * A configuration and what is wrong with it: value by key, null if it is missing or unknown.
     */
    private record Plan(
            TreeMap<String, String> file,
            TreeMap<String, String> environment,
            TreeMap<String, @org.jspecify.annotations.Nullable String> wrong) {

        void add(Given given, RandomGenerator random) {
            int choice = random.nextInt(10);
            if (choice < 3) {
                if (REQUIRED.contains(given.key)) {
                    wrong.put(given.key, null);
                }
                return;
            }
            boolean good = choice < 8;
            var value = given.pick(good ? given.good : given.bad, random);
            if (random.nextBoolean()) {
                file.put(given.key, value);
            } else {
                environment.put(variable(given.key), value);
                if (random.nextBoolean()) {
                    file.put(given.key, "the environment wins over this");
                }
            }
            if (!good) {
                wrong.put(given.key, value);
            }
        }

        private static String variable(String key) {
            return key.replace('.', '_').replace('-', '_').toUpperCase(java.util.Locale.ROOT);
        }

        /** The file with quoted keys and values: every key on a line of its own. */
        String yaml() {
            var lines = new ArrayList<String>();
            var groups = new TreeSet<String>();
            for (var entry : file.entrySet()) {
                var names = entry.getKey().split("\\.", -1);
                var path = new StringBuilder();
                for (int i = 0; i < names.length - 1; i++) {
                    path.append('.').append(names[i]);
                    if (groups.add(path.toString())) {
                        lines.add("  ".repeat(i) + names[i] + ":");
                    }
                }
                lines.add(
                        "  ".repeat(names.length - 1)
                                + names[names.length - 1]
                                + ": '"
                                + entry.getValue()
                                + "'");
            }
            return String.join("\n", lines) + "\n";
        }
    }
}
