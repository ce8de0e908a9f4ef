package dev.cdcpipeline.syncer.write;

/**
 * What is known of a table that is fit to be written to.
 *
 * @param kind what it is
 * @param triggered whether triggers run before its rows are changed: then what became of each row
 *     is looked at
 */
record TableTraits(TableKind kind, boolean triggered) {}
