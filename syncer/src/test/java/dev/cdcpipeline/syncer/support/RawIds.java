package dev.cdcpipeline.syncer.support;

import dev.cdcpipeline.model.BsonBuffer;
import dev.cdcpipeline.model.RawDocument;

/** Keys of documents whose {@code _id} no driver would write, but a server may hold. */
public final class RawIds {
    private RawIds() {}

    /** A key whose {@code _id} has these bytes, whatever they are. */
    public static RawDocument of(byte type, byte[] value) {
        var key = new BsonBuffer(64);
        int start = key.startDocument();
        key.putByte(type);
        key.putName("_id");
        key.putBytes(value, 0, value.length);
        key.endDocument(start);
        return RawDocument.wrap(key.toBytes());
    }
}
