package dev.cdcpipeline.platform.config;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads the configuration of a service: a YAML file, the environment over it, both checked against
 * a mapping type and turned into an immutable value of it.
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
     * @param mapping an interface with {@code @ConfigMapping(prefix = ...)}
     * @param yamlFile the file; null if the environment says everything
     * @param environment usually {@code System.getenv()}
     * @throws ConfigurationException if anything is wrong; it names every problem
     */
    public static <T> T load(
            Class<T> mapping, @Nullable Path yamlFile, Map<String, String> environment) {
        return load(mapping, yamlFile, environment, List.of());
    }

    /**
     * Reads and checks a configuration, also by rules beyond the form of each value.
     *
     * @param mapping an interface with {@code @ConfigMapping(prefix = ...)}
     * @param yamlFile the file; null if the environment says everything
     * @param environment usually {@code System.getenv()}
     * @param rules what else must hold
     * @throws ConfigurationException if anything is wrong; it names every problem
     */
    public static <T> T load(
            Class<T> mapping,
            @Nullable Path yamlFile,
            Map<String, String> environment,
            List<Rule<T>> rules) {
        var schema = Schema.of(mapping);
        var problems = new Problems();
        var file = YamlFile.read(yamlFile, environment, problems);
        var values = new Reading(schema, file, new Environment(environment), problems).values();
        var settings = Settings.of(mapping, values);
        rules.forEach(rule -> check(rule, settings, problems));
        problems.throwIfAny();
        return settings;
    }

    private static <T> void check(Rule<T> rule, T settings, Problems problems) {
        try {
            rule.problems(settings)
                    .forEach(
                            problem ->
                                    problems.add(problem.key(), problem.value(), problem.says()));
        } catch (MissingValueException known) {
            // That the value is wrong or missing is among the problems already.
        }
    }

    /**
     * The services that a file or the environment configures, {@code watcher} and {@code syncer}.
     * Of a file that cannot be read, all: loading it says why.
     */
    public static Set<String> services(@Nullable Path yamlFile, Map<String, String> environment) {
        return Roots.in(yamlFile, environment);
    }
}
