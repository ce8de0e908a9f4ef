package dev.cdcpipeline.syncer.write;

/** What becomes of rows whose collection was dropped, renamed or copied anew. */
public enum SweepPolicy {
    /** The table mirrors the collection: rows that it no longer has go. */
    MIRROR,
    /** They stay. */
    IGNORE
}
