package dev.cdcpipeline.model.json;

/**
 * Renders documents as MongoDB Extended JSON v2, relaxed where that is lossless and canonical where
 * not. The table of all types is in docs/reference/bson-to-json.md.
 */
public final class ExtendedJson extends JsonRenderer {

    private ExtendedJson(boolean jsonb) {
        super(new ExtendedStyle(jsonb));
    }

    /** As it travels through Kafka. */
    public static ExtendedJson forWire() {
        return new ExtendedJson(false);
    }

    /**
     * As PostgreSQL's {@code jsonb} can hold it: without {@code \u0000}, and without numbers that
     * {@code jsonb} would write in another way.
     */
    public static ExtendedJson forJsonb() {
        return new ExtendedJson(true);
    }
}
