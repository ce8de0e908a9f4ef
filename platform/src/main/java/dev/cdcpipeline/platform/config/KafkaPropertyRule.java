package dev.cdcpipeline.platform.config;

import dev.cdcpipeline.platform.secret.Redaction;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigValue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What an operator's own properties of a Kafka client may be. */
public final class KafkaPropertyRule {

    private KafkaPropertyRule() {}

    /**
     * What is wrong with the properties.
     *
     * @param key the option that gives them, {@code watcher.kafka.properties}
     * @param given by Kafka's names
     * @param known Kafka's own definition of the client's properties
     * @param fixed those that the service sets itself
     */
    public static List<Problem> problems(
            String key, Map<String, String> given, ConfigDef known, Set<String> fixed) {
        var problems = new ArrayList<Problem>();
        var checked = known.validateAll(given);
        given.forEach(
                (name, value) -> {
                    if (fixed.contains(name)) {
                        problems.add(
                                new Problem(
                                        key + "." + name,
                                        shown(name, value),
                                        "the guarantees rest on the service's own value; leave it out"));
                    } else if (checked.containsKey(name)) {
                        refusals(checked.get(name))
                                .forEach(
                                        says ->
                                                problems.add(
                                                        new Problem(
                                                                key + "." + name,
                                                                shown(name, value),
                                                                says)));
                    }
                });
        return problems;
    }

    private static List<String> refusals(ConfigValue value) {
        return value.errorMessages().stream().map(Redaction::redact).toList();
    }

    private static String shown(String name, String value) {
        return Redaction.isSecretKey(name) ? Redaction.MASK : Redaction.redact(value);
    }
}
