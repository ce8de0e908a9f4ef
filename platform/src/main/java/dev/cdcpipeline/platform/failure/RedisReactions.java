package dev.cdcpipeline.platform.failure;

/** The part of the table for Redis. */
final class RedisReactions {

    private RedisReactions() {}

    static Reaction of(String code) {
        return Reaction.STOP;
    }
}
