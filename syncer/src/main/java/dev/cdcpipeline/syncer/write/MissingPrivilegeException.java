package dev.cdcpipeline.syncer.write;

import dev.cdcpipeline.platform.failure.Explained;
import dev.cdcpipeline.platform.failure.Explanation;
import dev.cdcpipeline.postgresql.PostgresErrors;
import dev.cdcpipeline.syncer.schema.TableName;

import java.sql.SQLException;
import java.util.Map;

/** The role may not do what is needed; the message says what helps. The service stops. */
public final class MissingPrivilegeException extends SQLException implements Explained {
    private static final long serialVersionUID = 1L;

    private static final Explanation GENERAL =
            PostgresErrors.explanation(PostgresErrors.INSUFFICIENT_PRIVILEGE);

    private MissingPrivilegeException(SQLException cause, String remedy) {
        super(
                new Explanation(GENERAL.problem(), remedy)
                        .with(Map.of("said", String.valueOf(cause.getMessage())))
                        .sentence(),
                PostgresErrors.INSUFFICIENT_PRIVILEGE,
                cause);
    }

    /** The exception itself, or this one if it is about a privilege. */
    static SQLException explain(SQLException e) {
        return isUnexplained(e) ? new MissingPrivilegeException(e, GENERAL.remedy()) : e;
    }

    /** The same where a table lacks the version's column, which no GRANT lets the role add. */
    static SQLException explainVersion(SQLException e, TableName table) {
        return isUnexplained(e)
                ? new MissingPrivilegeException(
                        e,
                        "The table %s has no column _cdc_version. Make the role its owner, or have its owner add the column: ALTER TABLE %s ADD COLUMN _cdc_version bigint NOT NULL DEFAULT 0."
                                .formatted(table, table.quoted()))
                : e;
    }

    /** The same where the Syncer's own tables are of an older version, and another role's. */
    static SQLException explainOwnTables(SQLException e) {
        return isUnexplained(e)
                ? new MissingPrivilegeException(
                        e,
                        "The tables in the schema cdc are of an older version, and the role may not change them. Have their owner run what docs/reference/tables.md says under \"Make the tables beforehand\", in tables that are there: ALTER TABLE cdc.target ADD COLUMN IF NOT EXISTS key_form text.")
                : e;
    }

    private static boolean isUnexplained(SQLException e) {
        return PostgresErrors.INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())
                && !(e instanceof MissingPrivilegeException);
    }
}
