package dev.cdcpipeline.watcher.publish;

/**
 * Where the events of one collection go.
 *
 * @param topic the topic's name
 * @param partitions how many partitions it has
 * @param maxMessageBytes the largest record it takes, after compression
 */
record Route(String topic, int partitions, int maxMessageBytes) {}
