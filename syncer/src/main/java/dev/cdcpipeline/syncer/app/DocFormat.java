package dev.cdcpipeline.syncer.app;

/** How a document looks in its column. */
public enum DocFormat {
    /** As a SQL user expects it: ObjectIds and dates as strings, numbers as numbers. */
    PLAIN,
    /** MongoDB Extended JSON v2: every BSON type can be told again. */
    EXTENDED
}
