package dev.cdcpipeline.model.wire;

/** How keys and values of Kafka records are written; a reader tells them apart by their bytes. */
public enum WireFormat {
    /** Extended JSON v2: relaxed where that is lossless, canonical where not. */
    JSON,
    /** The bytes of the BSON document. */
    BSON
}
