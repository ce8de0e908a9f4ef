package dev.cdcpipeline.watcher.app;

import dev.cdcpipeline.model.Position;
import dev.cdcpipeline.model.wire.StreamId;
import dev.cdcpipeline.watcher.capture.StartFrom;

import org.jspecify.annotations.Nullable;

/**
 * Where a session begins.
 *
 * @param from where the change stream begins
 * @param durable up to where everything is durable already, null where that is not known
 * @param generation of every position
 * @param stream that the records belong to
 * @param told what the log says of it
 */
record Beginning(
        StartFrom from,
        @Nullable Position durable,
        long generation,
        StreamId stream,
        String told) {}
