package dev.cdcpipeline.model.json;

import dev.cdcpipeline.model.BsonBytes;
import dev.cdcpipeline.model.BsonValidation;
import dev.cdcpipeline.model.MalformedMessageException;
import dev.cdcpipeline.model.RawDocument;

/**
 * Walks BSON bytes once and writes JSON bytes, without objects between them. Not thread-safe: it
 * uses one buffer again and again.
 */
final class DocumentWriter {

    private static final byte[] NO_BYTES = {};

    private final JsonBuffer out = new JsonBuffer();
    private final JsonStyle style;
    private byte[] bytes = NO_BYTES;

    DocumentWriter(JsonStyle style) {
        this.style = style;
    }

    /** The document as UTF-8 JSON. */
    byte[] write(RawDocument document) {
        out.clear();
        bytes = document.array();
        try {
            putDocument(document.offset(), 1);
            return out.toBytes();
        } finally {
            bytes = NO_BYTES;
        }
    }

    private void putDocument(int start, int depth) {
        checkDepth(start, depth);
        int mark = out.length();
        int last = start + BsonBytes.int32(bytes, start) - 1;
        out.put('{');
        int at = start + 4;
        while (at < last) {
            byte type = bytes[at];
            int nameStart = at + 1;
            int nameEnd = putName(nameStart, last);
            if (nameEnd < 0) {
                out.truncate(mark);
                putRaw(BsonBytes.DOCUMENT, start, last + 1, depth - 1);
                return;
            }
            at = putValue(type, nameEnd + 1, last, depth);
            if (at < last) {
                out.put(',');
            }
        }
        out.put('}');
    }

    /**
     * Puts a name and a colon.
     *
     * @return where the name ends; negative when the document that has it must be written raw
     */
    private int putName(int start, int limit) {
        int plain = JsonText.plainEnd(bytes, start, limit);
        boolean isPlain = plain < limit && bytes[plain] == 0;
        int end = isPlain ? plain : BsonBytes.nameEnd(bytes, plain, limit);
        if (bytes[start] == '$' && style.reserves(bytes, start, end)) {
            return -1;
        }
        if (isPlain) {
            out.putPlainName(bytes, start, end);
            return end;
        }
        if (!out.putString(bytes, start, end, false)) {
            return -1;
        }
        out.put(':');
        return end;
    }

    private void putArray(int start, int depth) {
        checkDepth(start, depth);
        int mark = out.length();
        int last = start + BsonBytes.int32(bytes, start) - 1;
        out.put('[');
        int at = start + 4;
        for (int index = 0; at < last; index++) {
            byte type = bytes[at];
            int nameStart = at + 1;
            int nameEnd = BsonBytes.nameEnd(bytes, nameStart, last);
            if (!isIndex(index, nameStart, nameEnd) && style.keepsArrayNames()) {
                out.truncate(mark);
                putRaw(BsonBytes.ARRAY, start, last + 1, depth - 1);
                return;
            }
            at = putValue(type, nameEnd + 1, last, depth);
            if (at < last) {
                out.put(',');
            }
        }
        out.put(']');
    }

    /** Is the name the decimal digits of the index, as it should be in an array? */
    private boolean isIndex(int index, int nameStart, int nameEnd) {
        int rest = index;
        int i = nameEnd - 1;
        do {
            if (i < nameStart || bytes[i] != '0' + rest % 10) {
                return false;
            }
            rest /= 10;
            i--;
        } while (rest > 0);
        return i == nameStart - 1;
    }

    /** Puts a value and returns where it ends. */
    private int putValue(byte type, int at, int limit, int depth) {
        int end = BsonBytes.valueEnd(bytes, type, at, limit);
        switch (type) {
            case BsonBytes.DOCUMENT -> putDocument(at, depth + 1);
            case BsonBytes.ARRAY -> putArray(at, depth + 1);
            case BsonBytes.JAVASCRIPT_WITH_SCOPE -> putCodeWithScope(at, end, depth);
            default -> {
                if (!style.put(out, type, bytes, at, end)) {
                    style.putRaw(out, type, bytes, at, end);
                }
            }
        }
        return end;
    }

    private void putCodeWithScope(int at, int end, int depth) {
        int mark = out.length();
        int codeEnd = BsonBytes.stringEnd(bytes, at + 4, end);
        out.put(style.beforeCode());
        if (!style.putString(out, bytes, at + 8, codeEnd - 1)) {
            out.truncate(mark);
            putRaw(BsonBytes.JAVASCRIPT_WITH_SCOPE, at, end, depth);
            return;
        }
        out.put(style.beforeScope());
        putDocument(codeEnd, depth + 1);
        out.put('}');
    }

    /** Puts a value whose inside has not been walked, so it is checked first. */
    private void putRaw(byte type, int at, int end, int depth) {
        BsonValidation.value(bytes, type, at, end, depth);
        style.putRaw(out, type, bytes, at, end);
    }

    private static void checkDepth(int start, int depth) {
        if (depth > BsonBytes.MAX_DEPTH) {
            throw new MalformedMessageException(
                    "documents nested deeper than " + BsonBytes.MAX_DEPTH + " levels", start);
        }
    }
}
