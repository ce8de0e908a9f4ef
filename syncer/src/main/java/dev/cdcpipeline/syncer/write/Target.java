package dev.cdcpipeline.syncer.write;

import dev.cdcpipeline.syncer.plan.TableChanges;

/**
 * A table that is ready for its changes.
 *
 * @param changes what is to be done
 * @param kind what it is done to
 */
record Target(TableChanges changes, TableKind kind) {

    /** A statement for this table; see {@link TableKind#statement}. */
    String statement(String sql) {
        return kind.statement(sql, changes.table());
    }
}
