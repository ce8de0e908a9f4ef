package dev.cdcpipeline.watcher.publish;

/**
 * How topics are named and made.
 *
 * @param prefix what all names begin with
 * @param partitions of a topic that is made
 * @param replication of a topic that is made; 0 takes the broker's default
 * @param maxMessageBytes {@code max.message.bytes} of a topic that is made, and the least an
 *     existing one should have
 */
public record TopicSettings(String prefix, int partitions, int replication, int maxMessageBytes) {}
