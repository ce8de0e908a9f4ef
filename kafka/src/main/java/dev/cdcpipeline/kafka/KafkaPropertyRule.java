package dev.cdcpipeline.kafka;

import dev.cdcpipeline.platform.config.Nearest;
import dev.cdcpipeline.platform.config.Problem;
import dev.cdcpipeline.platform.secret.Redaction;

import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigValue;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What an operator's own properties of a Kafka client may be.
 *
 * @param key the option that gives them, {@code watcher.kafka.properties}
 * @param known Kafka's own definition of the client's properties
 * @param fixed those that the guarantees rest on, which the service sets itself
 * @param options those that the service has an option for, with the option's key
 */
public record KafkaPropertyRule(
        String key, ConfigDef known, Set<String> fixed, Map<String, String> options) {

    /** What any of Kafka's clients knows: some properties are for all of those that we make. */
    private static final Set<String> NAMES = names();

    /** More characters may not be wrong in a name; fewer in a short one. */
    private static final int MOST_ERRORS = 3;

    private static Set<String> names() {
        var names = new TreeSet<>(ConsumerConfig.configNames());
        names.addAll(ProducerConfig.configNames());
        names.addAll(AdminClientConfig.configNames());
        return names;
    }

    /**
     * What is wrong with the properties.
     *
     * @param given by Kafka's names
     */
    public List<Problem> problems(Map<String, String> given) {
        Map<String, ConfigValue> checked = known.validateAll(given);
        return given.keySet().stream()
                .flatMap(
                        name ->
                                says(name, checked.get(name))
                                        .map(says -> problem(name, given, says)))
                .toList();
    }

    /** Kafka's first message says it; of a value that it cannot read a second one is of null. */
    private Stream<String> says(String name, @Nullable ConfigValue checked) {
        if (fixed.contains(name)) {
            return Stream.of("the guarantees rest on the service's own value; leave it out");
        }
        String option = options.get(name);
        if (option != null) {
            return Stream.of("set " + option + " instead");
        }
        return checked != null
                ? checked.errorMessages().stream().limit(1).map(Redaction::redact)
                : mistyped(name).stream();
    }

    /**
     * Kafka passes over what it does not know, a mistyped security.protocol too. A name that is
     * like none of Kafka's may be an interceptor's, a metrics reporter's or a callback handler's
     * own.
     */
    private static Optional<String> mistyped(String name) {
        return NAMES.contains(name)
                ? Optional.empty()
                : Nearest.of(name, NAMES, Math.min(MOST_ERRORS, name.length() / 4))
                        .map(
                                meant ->
                                        "Kafka's clients do not know this property; did you mean "
                                                + meant
                                                + "?");
    }

    /** The value of a mistyped name is not shown: nobody knows whether it is a secret. */
    private Problem problem(String name, Map<String, String> given, String says) {
        return new Problem(key + "." + name, shown(name, given.get(name)), says);
    }

    private static @Nullable String shown(String name, @Nullable String value) {
        if (value == null || !NAMES.contains(name)) {
            return null;
        }
        return Redaction.isSecretKey(name) ? Redaction.MASK : Redaction.redact(value);
    }
}
