package dev.cdcpipeline.platform.failure;

/** The part of the table for Mongo. */
final class MongoReactions {

    private MongoReactions() {}

    static Reaction of(Failure.MongoError error) {
        return Reaction.STOP;
    }
}
