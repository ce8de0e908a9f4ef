package dev.cdcpipeline.platform.failure;

import static dev.cdcpipeline.platform.failure.Row.retry;
import static dev.cdcpipeline.platform.failure.Row.stop;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The part of the table for Redis, by the code of its error replies. */
final class RedisReactions {
    static final List<Row> ROWS =
            List.of(
                    retry("ASK", "a slot is moving to another node"),
                    retry("BUSY", "a script is running"),
                    retry("CLUSTERDOWN", "the cluster is down"),
                    retry("LOADING", "it is reading its data set"),
                    retry("MASTERDOWN", "the link to the master is down"),
                    retry("MISCONF", "it cannot write to its disk"),
                    retry("MOVED", "the key is at another node: redis-cluster:// finds it"),
                    retry("NOREPLICAS", "too few replicas to write"),
                    retry("OOM", "its memory is used up"),
                    retry("READONLY", "it is a replica: a failover is going on"),
                    retry("TRYAGAIN", "slots are moving"),
                    retry("UNKILLABLE", "a script that writes is running"),
                    retry("ERR max number of clients", "it takes no more connections"),
                    stop("ERR", "a command it does not accept"),
                    stop("NOAUTH", "authentication required"),
                    stop("NOPERM", "a permission is missing"),
                    stop("NOPROTO", "a protocol it does not speak"),
                    stop("WRONGPASS", "wrong user or password"),
                    stop("WRONGTYPE", "the key holds something else"));

    private static final Map<String, Row> BY_CODE =
            ROWS.stream().collect(Collectors.toUnmodifiableMap(Row::code, Function.identity()));

    private RedisReactions() {}

    static Reaction of(String code) {
        var row = BY_CODE.get(code);
        return row == null ? Reaction.STOP : row.reaction();
    }
}
