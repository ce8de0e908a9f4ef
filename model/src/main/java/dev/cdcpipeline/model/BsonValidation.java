package dev.cdcpipeline.model;

/**
 * Walks BSON to its leaves and throws {@link MalformedMessageException} at the first byte that
 * cannot be: lengths, ends, types, nesting deeper than {@link BsonBytes#MAX_DEPTH}. Text need not
 * be UTF-8 and array keys need not count up, since MongoDB stores such documents.
 */
public final class BsonValidation {

    private BsonValidation() {}

    /** Checks that exactly {@code length} bytes from {@code offset} are one document. */
    public static void document(byte[] bytes, int offset, int length) {
        if (BsonBytes.documentEnd(bytes, offset, offset + length) != offset + length) {
            throw new MalformedMessageException("bytes after the end of the document", offset);
        }
        elements(bytes, offset, 1);
    }

    /**
     * Checks that the bytes from {@code at} to {@code limit} are one value of the type.
     *
     * @param depth how many documents and arrays enclose the value
     */
    public static void value(byte[] bytes, byte type, int at, int limit, int depth) {
        if (checkedEnd(bytes, type, at, limit, depth) != limit) {
            throw new MalformedMessageException("bytes after the end of the value", at);
        }
    }

    private static void elements(byte[] bytes, int start, int depth) {
        if (depth > BsonBytes.MAX_DEPTH) {
            throw new MalformedMessageException(
                    "documents nested deeper than " + BsonBytes.MAX_DEPTH + " levels", start);
        }
        int last = start + BsonBytes.int32(bytes, start) - 1;
        int at = start + 4;
        while (at < last) {
            byte type = bytes[at];
            at = BsonBytes.nameEnd(bytes, at + 1, last) + 1;
            at = checkedEnd(bytes, type, at, last, depth);
        }
    }

    private static int checkedEnd(byte[] bytes, byte type, int at, int limit, int depth) {
        int end = BsonBytes.valueEnd(bytes, type, at, limit);
        if (type == BsonBytes.DOCUMENT || type == BsonBytes.ARRAY) {
            elements(bytes, at, depth + 1);
        } else if (type == BsonBytes.JAVASCRIPT_WITH_SCOPE) {
            elements(bytes, BsonBytes.stringEnd(bytes, at + 4, end), depth + 1);
        }
        return end;
    }
}
