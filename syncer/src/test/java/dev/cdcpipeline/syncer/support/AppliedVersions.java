package dev.cdcpipeline.syncer.support;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Watches a table by a trigger that notes every version applied to every row: the guarantee
 * NeverBackwards (I3).
 */
public final class AppliedVersions {
    private final Database database;
    private final String table;

    /** Makes the table, empty, as the Syncer would, and starts to watch. */
    public AppliedVersions(Database database, String schema, String table) {
        this.database = database;
        this.table = schema + "." + table;
        database.execute(
                "create schema if not exists " + schema,
                "create table %s (_id text collate \"C\" primary key, doc jsonb not null, _cdc_version bigint not null)"
                        .formatted(this.table),
                "create table %s_applied (n bigserial, _id text, version bigint)"
                        .formatted(this.table),
                """
                create function %s_note() returns trigger language plpgsql as $$
                begin
                    insert into %s_applied (_id, version) values (new._id, new._cdc_version);
                    return null;
                end $$"""
                        .formatted(this.table, this.table),
                "create trigger note after insert or update on %s for each row execute function %s_note()"
                        .formatted(this.table, this.table));
    }

    /** No row ever got an older version than it had (I3). */
    public void assertNeverBackwards() {
        assertNone("version < before");
    }

    /**
     * Nor the same version again (I2): for a stream in which every change has a version of its own.
     */
    public void assertNothingTwice() {
        assertThat(database.number("select count(*) from %s_applied".formatted(table)))
                .isPositive();
        assertNone("version <= before");
    }

    private void assertNone(String wrong) {
        assertThat(
                        database.column(
                                """
                                select _id || ': ' || version || ' after ' || before from (
                                    select _id, version,
                                        lag(version) over (partition by _id order by n) as before
                                    from %s_applied) as steps
                                where %s"""
                                        .formatted(table, wrong)))
                .isEmpty();
    }
}
