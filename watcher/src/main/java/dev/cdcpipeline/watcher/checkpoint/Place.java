package dev.cdcpipeline.watcher.checkpoint;

import dev.cdcpipeline.model.Position;
import dev.cdcpipeline.model.wire.StreamId;

import org.jspecify.annotations.Nullable;

/**
 * Up to where everything is durable in Kafka, and the stream that the records after it belong to.
 *
 * @param position the durable position
 * @param stream null where the records after it begin a new one: in a checkpoint of a Watcher
 *     before streams had names, and in one that another Watcher may have saved that still publishes
 */
public record Place(Position position, @Nullable StreamId stream) {}
