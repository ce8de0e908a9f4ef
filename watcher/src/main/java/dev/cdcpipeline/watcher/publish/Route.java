package dev.cdcpipeline.watcher.publish;

/**
 * Where the events of one collection go.
 *
 * @param topic the topic's name
 * @param partitions how many partitions it has
 */
record Route(String topic, int partitions) {}
