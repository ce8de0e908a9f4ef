package dev.cdcpipeline.model.json;

/**
 * Renders documents as the JSON that a SQL user expects: an ObjectId is its hexadecimal string, a
 * date an ISO 8601 string, a number a number. Every result is valid input for PostgreSQL's {@code
 * jsonb}; text that {@code jsonb} cannot hold is replaced without loss. The table of all types is
 * in docs/reference/bson-to-json.md.
 */
public final class PlainJson extends JsonRenderer {

    /** A renderer with a buffer of its own. */
    public PlainJson() {
        super(new PlainStyle());
    }
}
