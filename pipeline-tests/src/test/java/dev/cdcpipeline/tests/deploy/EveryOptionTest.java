package dev.cdcpipeline.tests.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.cdcpipeline.platform.config.ConfigurationException;
import dev.cdcpipeline.platform.config.Option;
import dev.cdcpipeline.platform.config.Schema;
import dev.cdcpipeline.syncer.app.SyncerSettings;
import dev.cdcpipeline.watcher.app.WatcherSettings;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What holds for each option of both services, whichever it is. */
class EveryOptionTest {

    static Stream<Option> options() {
        return Services.SETTINGS.values().stream()
                .flatMap(settings -> Schema.of(settings).options().stream());
    }

    private static List<Object> load(Map<String, String> environment) {
        return List.of(
                WatcherSettings.load(null, environment), SyncerSettings.load(null, environment));
    }

    @ParameterizedTest
    @MethodSource("options")
    @DisplayName("11.5 A wrong value is a problem of its option; no rule stumbles over it")
    void refusesWrongValuesOfAnyOption(Option option) {
        var environment = new HashMap<>(Services.REQUIRED);
        environment.put(option.environmentName(), "}no[ \u0000value");

        var thrown = catchThrowable(() -> load(environment));

        if (thrown != null) {
            assertThat(thrown).isInstanceOf(ConfigurationException.class);
            assertThat(((ConfigurationException) thrown).problems())
                    .allSatisfy(problem -> assertThat(problem.key()).startsWith(option.key()));
        }
    }

    @ParameterizedTest
    @MethodSource("options")
    @DisplayName("11.4 A missing value is a problem of its option; no rule stumbles over it")
    void namesEveryMissingValue(Option option) {
        if (option.required()) {
            var environment = new HashMap<>(Services.REQUIRED);
            environment.remove(option.environmentName());

            assertThatThrownBy(() -> load(environment))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("has a problem:\n  - " + option.key() + ": is required");
        }
    }

    @Test
    @DisplayName("10.5 Settings print no credentials")
    void printsNoCredentials() {
        var environment = new HashMap<>(Services.REQUIRED);
        options()
                .filter(Option::secret)
                .forEach(option -> environment.put(option.environmentName(), "canary"));
        environment.put("WATCHER_MONGODB_URI", "mongodb://u:canary@localhost");
        environment.put("WATCHER_CHECKPOINT_REDIS_URL", "redis://u:canary@localhost:6379");
        environment.put("WATCHER_KAFKA_PROPERTIES_SASL_JAAS_CONFIG", "canary");
        environment.put("SYNCER_KAFKA_PROPERTIES_SASL_JAAS_CONFIG", "canary");
        environment.put("SYNCER_POSTGRESQL_PROPERTIES_SSLPASSWORD", "canary");
        environment.put("SYNCER_POSTGRESQL_URL", "jdbc:postgresql://h/d?password=canary");
        environment.keySet().removeIf(name -> name.contains("_TLS_"));

        assertThat(load(environment).toString()).contains("***", "shop.*").doesNotContain("canary");
    }
}
