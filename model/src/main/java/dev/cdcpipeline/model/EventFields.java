package dev.cdcpipeline.model;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;

/** Where the top-level fields that the pipeline reads lie in a change event's bytes. */
final class EventFields {

    static final int ID = 0;
    static final int OPERATION_TYPE = 1;
    static final int NS = 2;
    static final int TO = 3;
    static final int DOCUMENT_KEY = 4;
    static final int FULL_DOCUMENT = 5;
    static final int FULL_DOCUMENT_BEFORE_CHANGE = 6;
    static final int UPDATE_DESCRIPTION = 7;
    static final int CLUSTER_TIME = 8;
    static final int WALL_TIME = 9;
    static final int TXN_NUMBER = 10;
    static final int LSID = 11;

    private static final byte[][] NAMES = {
        name("_id"),
        name("operationType"),
        name("ns"),
        name("to"),
        name("documentKey"),
        name("fullDocument"),
        name("fullDocumentBeforeChange"),
        name("updateDescription"),
        name("clusterTime"),
        name("wallTime"),
        name("txnNumber"),
        name("lsid")
    };

    private final byte[] bytes;
    private final int[] starts = new int[NAMES.length];
    private final int[] ends = new int[NAMES.length];

    /** Finds the fields; of fields with one name the first counts, a null counts as absent. */
    EventFields(RawDocument event) {
        bytes = event.array();
        BsonCursor cursor = event.cursor();
        while (cursor.next()) {
            int field = fieldAt(cursor);
            if (field >= 0 && starts[field] == 0 && cursor.type() != BsonBytes.NULL) {
                check(field, cursor);
                starts[field] = cursor.valueStart();
                ends[field] = cursor.valueEnd();
            }
        }
    }

    boolean has(int field) {
        return starts[field] != 0;
    }

    /** The operation's type; only when there is one. */
    OperationType operationType() {
        int at = starts[OPERATION_TYPE];
        return OperationType.of(bytes, at + 4, ends[OPERATION_TYPE] - 1);
    }

    @Nullable RawDocument document(int field) {
        int at = starts[field];
        return at == 0 ? null : RawDocument.wrap(bytes, at, ends[field] - at);
    }

    @Nullable String string(int field) {
        int at = starts[field];
        return at == 0
                ? null
                : new String(bytes, at + 4, ends[field] - at - 5, StandardCharsets.UTF_8);
    }

    /** The 64 bits of an int64, date or timestamp, or a widened int32. */
    @Nullable Long bits(int field) {
        int at = starts[field];
        if (at == 0) {
            return null;
        }
        boolean narrow = ends[field] - at == Integer.BYTES;
        return narrow ? (long) BsonBytes.int32(bytes, at) : BsonBytes.int64(bytes, at);
    }

    private static int fieldAt(BsonCursor cursor) {
        for (int field = 0; field < NAMES.length; field++) {
            if (cursor.nameIs(NAMES[field])) {
                return field;
            }
        }
        return -1;
    }

    private static void check(int field, BsonCursor cursor) {
        byte type = cursor.type();
        boolean fits =
                switch (field) {
                    case OPERATION_TYPE -> type == BsonBytes.STRING;
                    case CLUSTER_TIME -> type == BsonBytes.TIMESTAMP;
                    case WALL_TIME -> type == BsonBytes.DATE_TIME;
                    case TXN_NUMBER -> type == BsonBytes.INT64 || type == BsonBytes.INT32;
                    default -> type == BsonBytes.DOCUMENT;
                };
        if (!fits) {
            throw new MalformedMessageException(
                    "a change event whose "
                            + cursor.name()
                            + " has BSON type 0x"
                            + Integer.toHexString(type & 0xFF),
                    cursor.valueStart());
        }
    }

    private static byte[] name(String name) {
        return name.getBytes(StandardCharsets.US_ASCII);
    }
}
