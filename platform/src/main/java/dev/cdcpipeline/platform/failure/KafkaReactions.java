package dev.cdcpipeline.platform.failure;

/** The part of the table for Kafka. */
final class KafkaReactions {

    private KafkaReactions() {}

    static Reaction of(Class<?> type) {
        return Reaction.STOP;
    }
}
