package dev.cdcpipeline.syncer.write;

/** How rows that come by COPY get into their table. */
enum Route {
    /**
     * Those that are likely new at once, the others by a staging table and a merge. A row that was
     * there after all is a duplicate key (SQLSTATE 23505).
     */
    STRAIGHT,

    /**
     * All by a staging table and a merge. Only a row that another session inserts at the same
     * moment is a duplicate key.
     */
    STAGED,

    /** All by a staging table and an upsert, which is slower and meets no duplicate key. */
    ANYHOW
}
