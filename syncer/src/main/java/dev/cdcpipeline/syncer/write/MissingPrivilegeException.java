package dev.cdcpipeline.syncer.write;

import dev.cdcpipeline.platform.failure.Explained;
import dev.cdcpipeline.syncer.schema.TableName;

import java.sql.SQLException;

/** The role may not do what is needed; the message says what helps. The service stops. */
public final class MissingPrivilegeException extends SQLException implements Explained {
    private static final long serialVersionUID = 1L;

    /** The SQLSTATE of a missing privilege. */
    static final String SQLSTATE = "42501";

    private MissingPrivilegeException(SQLException cause, String remedy) {
        super("PostgreSQL says: %s. %s".formatted(cause.getMessage(), remedy), SQLSTATE, cause);
    }

    /** The exception itself, or this one if it is about a privilege. */
    static SQLException explain(SQLException e) {
        return isUnexplained(e)
                ? new MissingPrivilegeException(
                        e,
                        "The role needs: GRANT CREATE, TEMPORARY ON DATABASE (for tables it is to make), and on tables made beforehand GRANT USAGE ON SCHEMA and GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE, also for the schema cdc.")
                : e;
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
        return SQLSTATE.equals(e.getSQLState()) && !(e instanceof MissingPrivilegeException);
    }
}
