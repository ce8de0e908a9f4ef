package dev.cdcpipeline.syncer.write;

import dev.cdcpipeline.syncer.plan.TableChanges;

/**
 * A table that is ready for its changes.
 *
 * @param changes what is to be done
 * @param traits what it is done to
 */
record Target(TableChanges changes, TableTraits traits) {

    /** The same table with other changes. */
    Target with(TableChanges others) {
        return new Target(others, traits);
    }

    /** A statement for this table; see {@link TableKind#statement}. */
    String statement(String sql) {
        return traits.kind().statement(sql, changes.table());
    }
}
