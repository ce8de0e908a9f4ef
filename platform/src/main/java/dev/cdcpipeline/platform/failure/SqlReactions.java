package dev.cdcpipeline.platform.failure;

/** The part of the table for Sql. */
final class SqlReactions {

    private SqlReactions() {}

    static Reaction of(String sqlState) {
        return Reaction.STOP;
    }
}
