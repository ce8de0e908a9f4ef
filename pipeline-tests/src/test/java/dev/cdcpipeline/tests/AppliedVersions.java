package dev.cdcpipeline.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.model.Namespace;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Observes a run from inside PostgreSQL: a trigger on every target table notes each version that is
 * written to a row, in the order of the writes. What it notes commits or rolls back with the rows.
 */
final class AppliedVersions {
    private final Connection postgres;

    private AppliedVersions(Connection postgres) {
        this.postgres = postgres;
    }

    /** Creates the tables before the Syncer does, with the trigger on them. */
    static AppliedVersions observe(Connection postgres, List<Namespace> namespaces)
            throws SQLException {
        try (Statement sql = postgres.createStatement()) {
            sql.execute(
                    """
                    create table applied (
                      sequence bigserial primary key, place text, id text, version bigint)
                    """);
            sql.execute(
                    """
                    create function note_applied() returns trigger language plpgsql as $$
                    begin
                      insert into applied (place, id, version)
                        values (tg_table_schema || '.' || tg_table_name, new._id, new._cdc_version);
                      return null;
                    end $$
                    """);
            for (Namespace namespace : namespaces) {
                sql.execute("create schema if not exists \"%s\"".formatted(namespace.database()));
                String table =
                        "\"%s\".\"%s\"".formatted(namespace.database(), namespace.collection());
                sql.execute(
                        "create table %s (_id text primary key, doc jsonb, _cdc_version bigint not null)"
                                .formatted(table));
                sql.execute(
                        "create trigger note_applied after insert or update on %s for each row execute function note_applied()"
                                .formatted(table));
            }
        }
        return new AppliedVersions(postgres);
    }

    /** How many writes of rows were noted. */
    long count() throws SQLException {
        return number("select count(*) from applied");
    }

    /** I2 and I3: of each document every version was applied at most once, and in rising order. */
    void assertNothingTwiceAndNeverBackwards() throws SQLException {
        assertThat(count()).as("rows written").isPositive();
        assertThat(
                        number(
                                """
                                select count(*) from (
                                  select version,
                                         lag(version) over (partition by place, id order by sequence) as before
                                  from applied) as steps
                                where version <= before
                                """))
                .as("writes that repeated a version or took a row back in time")
                .isZero();
    }

    private long number(String query) throws SQLException {
        try (Statement sql = postgres.createStatement();
                var result = sql.executeQuery(query)) {
            result.next();
            return result.getLong(1);
        }
    }
}
