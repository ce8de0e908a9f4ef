package dev.cdcpipeline.platform.failure;

import static dev.cdcpipeline.platform.failure.Row.deadLetter;
import static dev.cdcpipeline.platform.failure.Row.retry;
import static dev.cdcpipeline.platform.failure.Row.stop;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The part of the table for PostgreSQL, by SQLSTATE (appendix A of its manual). A row of two
 * characters is a whole class; a row of five wins over its class.
 */
final class SqlReactions {
    static final List<Row> ROWS =
            List.of(
                    retry("08", "connection exception"),
                    stop("08004", "connection rejected: no password, or no TLS"),
                    stop("0A", "feature not supported"),
                    stop("0L", "invalid grantor"),
                    stop("0P", "invalid role specification"),
                    stop("21", "cardinality violation"),
                    deadLetter("22", "data exception"),
                    deadLetter("23", "integrity constraint violation"),
                    stop("25", "invalid transaction state"),
                    retry("25006", "read-only transaction: the server is a standby"),
                    retry("25P03", "idle in transaction timeout"),
                    retry("25P04", "transaction timeout; a batch is then written in parts"),
                    retry("26000", "prepared statement unknown: a pooler changed the server"),
                    stop("28", "invalid authorization"),
                    stop("3D", "no such database"),
                    stop("3F", "no such schema"),
                    retry("40", "transaction rollback"),
                    retry("40001", "serialization failure"),
                    retry("40P01", "deadlock detected"),
                    stop("42", "syntax error, missing table or column"),
                    stop("42501", "insufficient privilege"),
                    stop("42P01", "undefined table"),
                    deadLetter("44", "with check option violation"),
                    retry("53", "insufficient resources"),
                    retry("53100", "disk full"),
                    retry("53200", "out of memory; a batch is then written in parts"),
                    retry("53300", "too many connections"),
                    retry("53400", "configuration limit; a batch is then written in parts"),
                    deadLetter("54", "program limit exceeded"),
                    deadLetter("54000", "program limit exceeded"),
                    deadLetter("54011", "too many columns"),
                    stop("55", "object not in prerequisite state"),
                    retry("55006", "object in use"),
                    retry("55P03", "lock not available"),
                    retry("57", "operator intervention"),
                    retry(
                            "57014",
                            "query cancelled, or its time was up; a batch is then written in parts"),
                    retry("57P01", "server shuts down"),
                    retry("57P02", "server crashed"),
                    retry("57P03", "server starts up"),
                    stop("57P04", "database dropped"),
                    retry("58", "system error outside PostgreSQL"),
                    deadLetter("P0001", "raised by a trigger"),
                    stop("XX", "internal error"));

    private static final Map<String, Row> BY_STATE =
            ROWS.stream().collect(Collectors.toUnmodifiableMap(Row::code, Function.identity()));

    private SqlReactions() {}

    static Reaction of(String sqlState) {
        var row = BY_STATE.get(sqlState);
        if (row == null && sqlState.length() == 5) {
            row = BY_STATE.get(sqlState.substring(0, 2));
        }
        return row == null ? Reaction.STOP : row.reaction();
    }
}
