package dev.cdcpipeline.syncer.write;

/** How rows go to PostgreSQL. */
public enum Protocol {
    /** Statements over arrays. */
    UNNEST,
    /** Binary COPY into a staging table, then one merge. */
    STAGED_COPY,
    /** Binary COPY straight into the table for rows that are new, staging for the others. */
    DIRECT_COPY
}
