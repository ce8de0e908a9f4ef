package dev.cdcpipeline.postgresql;

import static dev.cdcpipeline.platform.failure.ErrorEntry.deadLetter;
import static dev.cdcpipeline.platform.failure.ErrorEntry.retry;
import static dev.cdcpipeline.platform.failure.ErrorEntry.stop;

import dev.cdcpipeline.platform.failure.ErrorCatalogue;
import dev.cdcpipeline.platform.failure.ErrorEntry;
import dev.cdcpipeline.platform.failure.Explanation;
import dev.cdcpipeline.platform.failure.Failure;
import dev.cdcpipeline.platform.failure.Reaction;

import org.jspecify.annotations.Nullable;

import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The errors of PostgreSQL, by SQLSTATE (appendix A of its manual). A row of two characters is a
 * whole class; a row of five wins over its class.
 *
 * <p>Placeholders that a service has to know: {@code postgresql}, the prefix of its options, and
 * {@code role}, the role that it logs in as, quoted.
 */
public final class PostgresErrors implements ErrorCatalogue {
    /** The SQLSTATE of a missing privilege. */
    public static final String INSUFFICIENT_PRIVILEGE = "42501";

    /** The SQLSTATE of a write to a server that only reads. */
    public static final String READ_ONLY = "25006";

    private static final List<ErrorEntry> ENTRIES =
            List.of(
                    retry("08", "connection exception")
                            .explained(
                                    "PostgreSQL does not answer ({said})",
                                    "check host, port and firewall in {postgresql}.url, and sslmode in"
                                            + " {postgresql}.properties"),
                    stop("08004", "connection rejected: no password, or no TLS")
                            .explained(
                                    "PostgreSQL and the driver do not agree on how to connect ({said})",
                                    "check {postgresql}.password, and sslmode in {postgresql}.properties"),
                    stop("0A", "feature not supported"),
                    stop("0L", "invalid grantor"),
                    stop("0P", "invalid role specification"),
                    stop("21", "cardinality violation"),
                    deadLetter("22", "data exception"),
                    deadLetter("23", "integrity constraint violation"),
                    stop("25", "invalid transaction state"),
                    retry(READ_ONLY, "read-only transaction: the server is a standby")
                            .explained(
                                    "PostgreSQL is read-only there ({said})",
                                    "point {postgresql}.url at the primary, for example with"
                                            + " targetServerType=primary"),
                    retry("25P03", "idle in transaction timeout"),
                    retry("25P04", "transaction timeout").withFewerRecords(),
                    retry("26000", "prepared statement unknown: a pooler changed the server"),
                    stop("28", "invalid authorization"),
                    stop("28000", "invalid authorization")
                            .explained(
                                    "PostgreSQL does not let this user in ({said})",
                                    "check {postgresql}.user (CREATE ROLE {role} LOGIN if there is no such role),"
                                            + " the client certificate if pg_hba.conf asks for one, and that"
                                            + " pg_hba.conf has a line for this user, database, address and"
                                            + " encryption"),
                    stop("28P01", "invalid password")
                            .explained(
                                    "PostgreSQL does not accept the user or the password ({said})",
                                    "check {postgresql}.user and {postgresql}.password"),
                    stop("3D", "invalid catalogue name"),
                    stop("3D000", "no such database")
                            .explained(
                                    "PostgreSQL has no such database ({said})",
                                    "create the database, or correct {postgresql}.url"),
                    stop("3F", "no such schema"),
                    retry("40", "transaction rollback"),
                    retry("40001", "serialization failure"),
                    retry("40P01", "deadlock detected"),
                    stop("42", "syntax error, missing table or column"),
                    stop(INSUFFICIENT_PRIVILEGE, "insufficient privilege")
                            .explained(
                                    "PostgreSQL denies a privilege ({said})",
                                    "the role needs GRANT CREATE, TEMPORARY ON DATABASE (for tables it is to"
                                            + " make), and on tables made beforehand GRANT USAGE ON SCHEMA and GRANT"
                                            + " SELECT, INSERT, UPDATE, DELETE ON TABLE, also for the schema cdc"),
                    stop("42P01", "undefined table"),
                    deadLetter("44", "with check option violation"),
                    retry("53", "insufficient resources"),
                    retry("53100", "disk full"),
                    retry("53200", "out of memory").withFewerRecords(),
                    retry("53300", "too many connections")
                            .explained(
                                    "PostgreSQL accepts no more connections ({said})",
                                    "raise max_connections, or lower {postgresql}.pool-size"),
                    retry("53400", "configuration limit exceeded").withFewerRecords(),
                    deadLetter("54", "program limit exceeded"),
                    deadLetter("54000", "program limit exceeded"),
                    deadLetter("54011", "too many columns"),
                    stop("55", "object not in prerequisite state"),
                    retry("55006", "object in use"),
                    retry("55P03", "lock not available"),
                    retry("57", "operator intervention"),
                    retry("57014", "query cancelled, or its time was up").withFewerRecords(),
                    retry("57P01", "server shuts down"),
                    retry("57P02", "server crashed"),
                    retry("57P03", "server starts up"),
                    stop("57P04", "database dropped"),
                    retry("58", "system error outside PostgreSQL"),
                    deadLetter("P0001", "raised by a trigger"),
                    stop("XX", "internal error"));

    private static final Map<String, ErrorEntry> BY_STATE =
            ENTRIES.stream()
                    .collect(Collectors.toUnmodifiableMap(ErrorEntry::code, Function.identity()));

    /** The catalogue; it has no state. */
    public PostgresErrors() {}

    /** Returns what to do about an SQLSTATE; to stop if it is not in the catalogue. */
    public static Reaction reaction(String sqlState) {
        var entry = entry(sqlState);
        return entry == null ? Reaction.STOP : entry.reaction();
    }

    /**
     * Returns the explanation of an SQLSTATE, as a template.
     *
     * @throws NullPointerException if the catalogue has none
     */
    public static Explanation explanation(String sqlState) {
        return Objects.requireNonNull(Objects.requireNonNull(entry(sqlState)).explanation());
    }

    /** Returns whether the same records may be written in smaller batches. */
    public static boolean passesWithFewerRecords(SQLException thrown) {
        var entry = entry(String.valueOf(thrown.getSQLState()));
        return entry != null && entry.passesWithFewerRecords();
    }

    private static @Nullable ErrorEntry entry(String sqlState) {
        var entry = BY_STATE.get(sqlState);
        return entry == null && sqlState.length() == 5
                ? BY_STATE.get(sqlState.substring(0, 2))
                : entry;
    }

    @Override
    public String system() {
        return "PostgreSQL";
    }

    @Override
    public List<ErrorEntry> entries() {
        return ENTRIES;
    }

    @Override
    public boolean isSource(Throwable thrown) {
        return thrown instanceof SQLException;
    }

    @Override
    public @Nullable ErrorEntry entry(Throwable thrown) {
        return thrown instanceof SQLException sql ? entry(String.valueOf(sql.getSQLState())) : null;
    }

    @Override
    public @Nullable Failure recognize(Throwable thrown) {
        if (thrown instanceof BatchUpdateException batch && batch.getNextException() != null) {
            return recognize(batch.getNextException()); // the batch's own state is its first one's
        }
        if (thrown instanceof SQLException sql && sql.getSQLState() != null) {
            return new Failure.ServerError(
                    "PostgreSQL", sql.getSQLState(), reaction(sql.getSQLState()));
        }
        return switch (thrown) {
            // Without a state these come from the pool: no connection within the time allowed.
            case SQLTransientException _ -> new Failure.Timeout();
            case SQLRecoverableException _ -> new Failure.Network();
            default -> null;
        };
    }

    @Override
    public TlsOptions tlsOptions() {
        return new TlsOptions(
                "{postgresql}.properties.sslrootcert",
                "{postgresql}.properties.sslcert and sslkey",
                "{postgresql}.url");
    }
}
