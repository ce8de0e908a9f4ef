package dev.cdcpipeline.platform.failure;

import static dev.cdcpipeline.platform.failure.Reaction.DEAD_LETTER;
import static dev.cdcpipeline.platform.failure.Reaction.RETRY;
import static dev.cdcpipeline.platform.failure.Reaction.STOP;

/** The one table from what went wrong to what to do about it. What it does not know stops. */
public final class FailureTable {

    private FailureTable() {}

    /** What to do about a failure. */
    public static Reaction reaction(Failure failure) {
        return switch (failure) {
            case Failure.MongoError error -> MongoReactions.of(error);
            case Failure.SqlError error -> SqlReactions.of(error.sqlState());
            case Failure.KafkaError error -> KafkaReactions.of(error.type());
            case Failure.RedisError error -> RedisReactions.of(error.code());
            case Failure.Network _, Failure.Timeout _, Failure.Storage _ -> RETRY;
            case Failure.BadData _ -> DEAD_LETTER;
            case Failure.Interrupted _, Failure.Other _ -> STOP;
        };
    }
}
