package dev.cdcpipeline.syncer.write;

import java.util.UUID;

/**
 * A topic as Kafka describes it.
 *
 * @param id Kafka's identifier, another one when it is created anew
 * @param name its name
 * @param partitions how many it has
 */
public record TopicIdentity(UUID id, String name, int partitions) {}
