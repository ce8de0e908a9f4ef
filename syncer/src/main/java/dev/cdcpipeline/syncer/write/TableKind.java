package dev.cdcpipeline.syncer.write;

import dev.cdcpipeline.syncer.schema.TableName;

/** What rows go to, and how an upsert tells there which of them it overwrote. */
enum TableKind {
    /** {@code xmax} is 0 in a row that this command inserted, else this transaction's number. */
    ORDINARY("xmax <> 0"),

    /**
     * A partitioned table returns no {@code xmax}. The statement looks up whether the row was there
     * when it began, at the price of one more visit to the index; a row that another program
     * inserts at the same moment counts as inserted here.
     */
    PARTITIONED("(select o._id from $table as o where o._id = t._id) is not null");

    private final String overwrote;

    TableKind(String overwrote) {
        this.overwrote = overwrote;
    }

    /**
     * A statement for a table of this kind.
     *
     * @param sql it, with {@code $table}, which is called {@code t} in it, and {@code $overwrote}
     */
    String statement(String sql, TableName table) {
        return sql.replace("$overwrote", overwrote).replace("$table", table.quoted());
    }
}
