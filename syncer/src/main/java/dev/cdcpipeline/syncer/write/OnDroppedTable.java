package dev.cdcpipeline.syncer.write;

/** What to do where a table that rows were written to is gone. */
public enum OnDroppedTable {
    /** Stop and say so: its earlier rows went with it (I5). */
    FAIL,
    /** Create it again, empty: it gets what comes from now on. */
    RECREATE
}
