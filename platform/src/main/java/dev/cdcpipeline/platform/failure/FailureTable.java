package dev.cdcpipeline.platform.failure;

import static dev.cdcpipeline.platform.failure.Reaction.DEAD_LETTER;
import static dev.cdcpipeline.platform.failure.Reaction.RETRY;
import static dev.cdcpipeline.platform.failure.Reaction.STOP;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The one table from what went wrong to what to do about it, by codes and types alone. What it does
 * not know stops: a failure nobody thought of is looked at by a person, not repeated for ever.
 */
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
            case Failure.Tls _, Failure.Interrupted _, Failure.Other _ -> STOP;
        };
    }

    /** The rows of the table by the system they are about, for the reference page. */
    public static Map<String, List<Row>> rows() {
        var rows = new LinkedHashMap<String, List<Row>>();
        rows.put("MongoDB", MongoReactions.ROWS);
        rows.put("PostgreSQL", SqlReactions.ROWS);
        rows.put("Kafka", KafkaReactions.ROWS);
        rows.put("Redis", RedisReactions.ROWS);
        return rows;
    }
}
