package dev.cdcpipeline.kafka;

import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;

import java.util.Arrays;
import java.util.Set;

/** The kinds of client, each with the properties that Kafka defines for it. */
enum ClientKind {
    PRODUCER,
    CONSUMER,
    ADMIN;

    /** Returns Kafka's definition of the properties of this kind. */
    ConfigDef definition() {
        return switch (this) {
            case PRODUCER -> ProducerConfig.configDef();
            case CONSUMER -> ConsumerConfig.configDef();
            case ADMIN -> AdminClientConfig.configDef();
        };
    }

    /** Returns whether Kafka defines the property for this kind. */
    boolean knows(String property) {
        return names().contains(property);
    }

    /** Returns whether Kafka defines the property for any kind. */
    static boolean anyKnows(String property) {
        return Arrays.stream(values()).anyMatch(kind -> kind.knows(property));
    }

    private Set<String> names() {
        return switch (this) {
            case PRODUCER -> ProducerConfig.configNames();
            case CONSUMER -> ConsumerConfig.configNames();
            case ADMIN -> AdminClientConfig.configNames();
        };
    }
}
