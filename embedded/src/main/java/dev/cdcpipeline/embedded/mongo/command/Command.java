package dev.cdcpipeline.embedded.mongo.command;

import de.bwaldvogel.mongo.bson.Document;

/** Answers one kind of command; called by many connections at once. */
@FunctionalInterface
interface Command {

    /**
     * Runs the command.
     *
     * @return the reply without {@code ok}, which is added
     * @throws de.bwaldvogel.mongo.exception.MongoServerError for an error reply
     */
    Document run(Request request);
}
