package dev.cdcpipeline.embedded.mongo.wire;

import de.bwaldvogel.mongo.bson.Document;

import org.jspecify.annotations.Nullable;

/** Answers requests; called by many connections at once. */
@FunctionalInterface
public interface RequestHandler {

    /**
     * Answers one request.
     *
     * @param connection where the request came from
     * @param request the command, its name being the first field
     * @return the reply, or null to cut the connection without one
     */
    @Nullable Document handle(Connection connection, Document request);
}
