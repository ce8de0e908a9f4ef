package dev.cdcpipeline.embedded.mongo.changestream;

import de.bwaldvogel.mongo.bson.BsonTimestamp;
import de.bwaldvogel.mongo.bson.Document;

import dev.cdcpipeline.embedded.mongo.oplog.OplogEntry;
import dev.cdcpipeline.embedded.mongo.wire.CommandError;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Locale;

/**
 * A resume token: opaque to clients, a hex string that orders as the events do, the cluster time
 * first. The encoding is the server's: version 1 before 7.0, version 2 from then on.
 *
 * @param time the event's cluster time
 * @param ofEvent whether it names an event; a high-water mark names only a time
 * @param transactionIndex the event's index in its transaction, 0 outside
 * @param fromInvalidate whether it is that of an invalidate event
 * @param fragment which part of a split event it names, from 1; 0 when the event is whole
 */
record ResumeToken(
        BsonTimestamp time,
        boolean ofEvent,
        int transactionIndex,
        boolean fromInvalidate,
        int fragment) {

    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final int EVENT_TOKEN = 128;

    /** The token of a point in time, from which everything at or after it follows. */
    static Document highWaterMark(BsonTimestamp time, boolean versionTwo) {
        KeyString key = new KeyString().add(time).add(versionTwo ? 2 : 1).add(0).add(0).add(false);
        if (versionTwo) {
            key.add(null);
        }
        return document(key);
    }

    /** The token of an entry's event. */
    static Document ofEvent(OplogEntry entry, EventIdentity identity, boolean versionTwo) {
        return ofEvent(entry, identity, versionTwo, 0);
    }

    /** The token of a part of an entry's event. */
    static Document ofEvent(
            OplogEntry entry, EventIdentity identity, boolean versionTwo, int fragment) {
        KeyString key =
                new KeyString()
                        .add(entry.time())
                        .add(versionTwo ? 2 : 1)
                        .add(EVENT_TOKEN)
                        .add(entry.transactionIndex())
                        .add(identity.invalidate());
        if (entry.collection() != null) {
            key.add(entry.collection());
        } else if (versionTwo) {
            key.add(null);
        }
        if (versionTwo) {
            key.add(identity.toDocument());
        } else if (identity.documentKey() != null) {
            key.add(identity.documentKey());
        }
        if (fragment > 0) {
            key.add(fragment);
        }
        return document(key);
    }

    private static Document document(KeyString key) {
        Document token = new Document("_data", HEX.formatHex(key.finish()));
        token.putIfNotNull("_typeBits", key.typeBits());
        return token;
    }

    /**
     * Reads a token that a client gave.
     *
     * @throws CommandError with the server's code when it is none
     */
    static ResumeToken parse(Document token) {
        if (!(token.get("_data") instanceof String hex)) {
            throw new CommandError(
                    40647,
                    "Location40647",
                    "Bad resume token: _data of missing or of wrong type. Expected string, got "
                            + token.toString(true));
        }
        byte[] bytes;
        try {
            bytes = HEX.parseHex(hex.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException _) {
            throw new CommandError(
                    9, "FailedToParse", "resume token string was not a valid hex string");
        }
        try {
            return decode(bytes);
        } catch (BufferUnderflowException _) {
            throw new CommandError(
                    15,
                    "Overflow",
                    "Invalid advance past end of buffer[" + bytes.length + "] of resume token");
        }
    }

    private static ResumeToken decode(byte[] bytes) {
        ByteBuffer key = ByteBuffer.wrap(bytes);
        if ((key.get() & 0xFF) != 0x82) {
            throw new CommandError(
                    50811, "Location50811", "The resume token does not begin with a timestamp");
        }
        BsonTimestamp time = new BsonTimestamp(key.getLong());
        int version = readInteger(key);
        boolean ofEvent = readInteger(key) == EVENT_TOKEN;
        int transactionIndex = readInteger(key);
        boolean fromInvalidate = (key.get() & 0xFF) == 0x6F;
        int fragment = version == 2 && ofEvent ? readFragment(bytes) : 0;
        return new ResumeToken(time, ofEvent, transactionIndex, fromInvalidate, fragment);
    }

    /**
     * A split event's token has the fragment's number after the identity, which itself ends with 0.
     */
    private static int readFragment(byte[] key) {
        boolean present = key[key.length - 3] == 0x2B && key[key.length - 2] != 0;
        return present ? key[key.length - 2] >> 1 : 0;
    }

    private static int readInteger(ByteBuffer key) {
        int bytes = (key.get() & 0xFF) - 0x2A;
        int value = 0;
        for (int i = 0; i < bytes; i++) {
            value = (value << 8) | (key.get() & 0xFF);
        }
        return value >> 1;
    }
}
