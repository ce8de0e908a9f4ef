package dev.cdcpipeline.embedded.mongo.oplog;

import org.jspecify.annotations.Nullable;

import java.util.UUID;

/** Takes what was written, in the order in which it was written. */
@FunctionalInterface
public interface OplogWriter {

    void append(Namespace namespace, @Nullable UUID collection, Operation operation);
}
