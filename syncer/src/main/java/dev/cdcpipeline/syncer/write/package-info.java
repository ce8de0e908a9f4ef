/** The only place that speaks to PostgreSQL: ledger, tables, rows, one transaction a batch. */
@NullMarked
package dev.cdcpipeline.syncer.write;

import org.jspecify.annotations.NullMarked;
