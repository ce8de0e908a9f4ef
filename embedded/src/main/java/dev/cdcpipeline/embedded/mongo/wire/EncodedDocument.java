package dev.cdcpipeline.embedded.mongo.wire;

import de.bwaldvogel.mongo.bson.Document;

/**
 * A document that is already BSON, so that a reply need not encode it again. Immutable by contract.
 */
public final class EncodedDocument {

    private final byte[] bytes;

    private EncodedDocument(byte[] bytes) {
        this.bytes = bytes;
    }

    public static EncodedDocument of(Document document) {
        return new EncodedDocument(BsonWriter.toBytes(document));
    }

    public int size() {
        return bytes.length;
    }

    byte[] bytes() {
        return bytes;
    }
}
