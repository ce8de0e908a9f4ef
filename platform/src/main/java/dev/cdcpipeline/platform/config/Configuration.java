package dev.cdcpipeline.platform.config;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads the configuration of a service: a YAML file, the environment over it, both checked against
 * a settings record and turned into one.
 *
 * <p>The option {@code watcher.kafka.bootstrap-servers} is the environment variable {@code
 * WATCHER_KAFKA_BOOTSTRAP_SERVERS}; with {@code _FILE} after it, the variable names a file that
 * holds the value. A value in the YAML file may use {@code ${NAME}} and {@code ${NAME:default}} of
 * the environment or of the file itself. What comes from the environment or from such a file is
 * taken literally.
 */
public final class Configuration {

    private Configuration() {}

    /**
     * Reads and checks a configuration.
     *
     * @param type a record with a {@link Prefix}
     * @param yamlFile the file; null if the environment says everything
     * @param environment usually {@code System.getenv()}
     * @throws ConfigurationException if anything is wrong; it names every problem
     */
    public static <T> T load(
            Class<T> type, @Nullable Path yamlFile, Map<String, String> environment) {
        return load(type, yamlFile, environment, List.of());
    }

    /**
     * Reads and checks a configuration, also by rules beyond the form of each value.
     *
     * @param type a record with a {@link Prefix}
     * @param yamlFile the file; null if the environment says everything
     * @param environment usually {@code System.getenv()}
     * @param rules what else must hold
     * @throws ConfigurationException if anything is wrong; it names every problem
     */
    public static <T> T load(
            Class<T> type,
            @Nullable Path yamlFile,
            Map<String, String> environment,
            List<Rule<T>> rules) {
        var schema = Schema.of(type);
        var problems = new Problems();
        var file = YamlFile.read(yamlFile, environment, problems);
        var reading = new Reading(schema, file, new Environment(environment), problems);
        var settings = new Binder(reading.values()).bind(type, schema.prefix());
        for (var rule : rules) {
            if (!rule.readsAnyOf(reading.unusable())) {
                problems.addAll(rule.problems(settings));
            }
        }
        problems.throwIfAny();
        return settings;
    }

    /**
     * The services that a file or the environment configures, {@code watcher} and {@code syncer}.
     * Of a file that cannot be read, all: loading it says why.
     */
    public static Set<String> services(@Nullable Path yamlFile, Map<String, String> environment) {
        return Roots.in(yamlFile, environment);
    }
}
