package dev.cdcpipeline.watcher.app;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cdcpipeline.platform.config.ConfigurationException;

import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.HashMap;
import java.util.Map;

/** Settings that would break a guarantee in silence. */
class GuardedSettingsTest {
    private static void load(String variable, String value) {
        Map<String, String> environment =
                new HashMap<>(
                        Map.of(
                                "WATCHER_MONGODB_URI", "mongodb://localhost/?replicaSet=rs0",
                                "WATCHER_SCOPE_INCLUDE", "shop.*",
                                "WATCHER_KAFKA_BOOTSTRAP_SERVERS", "localhost:9092"));
        environment.put(variable, value);
        var _ = WatcherSettings.load(null, environment);
    }

    private static AbstractThrowableAssert<?, ?> assertRefused(String variable, String value) {
        return assertThatThrownBy(() -> load(variable, value))
                .isInstanceOf(ConfigurationException.class);
    }

    @Test
    @DisplayName("11.5, I1: a producer that does not look at keys is refused: it would break order")
    void refusesAPartitionerThatIgnoresKeys() {
        assertRefused("WATCHER_KAFKA_PROPERTIES_PARTITIONER_IGNORE_KEYS", "true")
                .hasMessageContaining("watcher.kafka.properties.partitioner.ignore.keys")
                .hasMessageContaining("guarantees");
    }

    @ParameterizedTest
    @ValueSource(strings = {"_id", "_id.tenant", "ssn,_id.x"})
    @DisplayName(
            "11.5, I2: leaving out _id or a part of it is refused: documents could not be told apart")
    void refusesToLeaveOutTheId(String fields) {
        assertRefused("WATCHER_SCOPE_EXCLUDE_FIELDS", fields)
                .hasMessageContaining("watcher.scope.exclude-fields")
                .hasMessageContaining("_id identifies a document");
    }

    @Test
    @DisplayName("11.5: fields whose names only begin like _id can be left out")
    void leavesOutOtherFields() {
        assertThatCode(() -> load("WATCHER_SCOPE_EXCLUDE_FIELDS", "_idx,card._id"))
                .doesNotThrowAnyException();
    }

    @Test
    @DisplayName(
            "11.5: a checkpoint that is saved more rarely than publishing waits for is refused")
    void refusesToSaveMoreRarelyThanPublishingWaitsFor() {
        assertRefused("WATCHER_CHECKPOINT_INTERVAL", "20m")
                .hasMessageContaining("watcher.checkpoint.interval")
                .hasMessageContaining("must not exceed watcher.checkpoint.max-unsaved");
    }
}
