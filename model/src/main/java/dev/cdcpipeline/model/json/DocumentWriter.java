package dev.cdcpipeline.model.json;

import dev.cdcpipeline.model.BsonBytes;
import dev.cdcpipeline.model.BsonValidation;
import dev.cdcpipeline.model.MalformedMessageException;
import dev.cdcpipeline.model.RawDocument;

import org.jspecify.annotations.Nullable;

import java.util.BitSet;

/**
 * Walks BSON bytes once and writes JSON bytes, without objects between them. Not thread-safe: it
 * uses one buffer again and again.
 *
 * <p>Of a large document the JSON may take many times its bytes; it is measured first, and then
 * written where it is to be, so that it is in memory once or not at all (I7).
 */
final class DocumentWriter {

    private static final byte[] NO_BYTES = {};

    /** From here on a document is measured before it is written. */
    private static final int LARGE = 4 * 1024 * 1024;

    /** So much of a text that goes to a sink is gathered. */
    private static final int PIECE = 64 * 1024;

    private final JsonBuffer out = new JsonBuffer();
    private final JsonStyle style;
    private byte[] bytes = NO_BYTES;

    /**
     * Where values start that the style cannot say, as measuring found out: what it says of them
     * before it notices could not be taken back from a sink. Null while that is not asked.
     */
    private @Nullable BitSet raw;

    private int rawStart;
    private boolean rawIsKnown;

    DocumentWriter(JsonStyle style) {
        this.style = style;
    }

    /** The document as UTF-8 JSON. */
    byte[] write(RawDocument document) {
        if (document.length() >= LARGE) {
            out.clearForExactly(measure(document));
        } else {
            out.clear();
        }
        putWhole(document);
        return out.toBytes();
    }

    /** The document as UTF-8 JSON, unless that takes more than so many bytes: null then. */
    byte @Nullable [] write(RawDocument document, int most) {
        out.clearFor(most);
        putWhole(document);
        return out.isWhole() && out.length() <= most ? out.toBytes() : null;
    }

    /** How many bytes the last text has that was written or was too long. */
    int length() {
        return out.length();
    }

    /** How many bytes the document's JSON has. */
    int measure(RawDocument document) {
        out.clearFor(0);
        putWhole(document);
        return out.length();
    }

    /** Hands the document's JSON to a sink. */
    void write(RawDocument document, JsonSink sink) {
        write(document, sink, PIECE);
    }

    void write(RawDocument document, JsonSink sink, int piece) {
        raw = new BitSet(document.length());
        rawIsKnown = false;
        try {
            var _ = measure(document);
            rawIsKnown = true;
            out.clearFor(sink, piece);
            putWhole(document);
            out.end();
        } finally {
            raw = null;
        }
    }

    private void putWhole(RawDocument document) {
        bytes = document.array();
        rawStart = document.offset();
        try {
            putDocument(document.offset(), 1);
        } finally {
            bytes = NO_BYTES;
        }
    }

    /** Returns whether the value that starts there is known to be one that the style cannot say. */
    private boolean isKnownRaw(int at) {
        return raw != null && rawIsKnown && raw.get(at - rawStart);
    }

    private void noteRaw(int at) {
        if (raw != null && !rawIsKnown) {
            raw.set(at - rawStart);
        }
    }

    private void putDocument(int start, int depth) {
        checkDepth(start, depth);
        int mark = out.length();
        int last = start + BsonBytes.int32(bytes, start) - 1;
        if (isKnownRaw(start)) {
            putRaw(BsonBytes.DOCUMENT, start, last + 1, depth - 1);
            return;
        }
        out.put('{');
        int at = start + 4;
        while (at < last) {
            byte type = bytes[at];
            int nameStart = at + 1;
            int nameEnd = putName(nameStart, last);
            if (nameEnd < 0) {
                noteRaw(start);
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
        if (isKnownRaw(start)) {
            putRaw(BsonBytes.ARRAY, start, last + 1, depth - 1);
            return;
        }
        out.put('[');
        int at = start + 4;
        for (int index = 0; at < last; index++) {
            byte type = bytes[at];
            int nameStart = at + 1;
            int nameEnd = BsonBytes.nameEnd(bytes, nameStart, last);
            if (!isIndex(index, nameStart, nameEnd) && style.keepsArrayNames()) {
                noteRaw(start);
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
                if (isKnownRaw(at) || !style.put(out, type, bytes, at, end)) {
                    noteRaw(at);
                    style.putRaw(out, type, bytes, at, end);
                }
            }
        }
        return end;
    }

    private void putCodeWithScope(int at, int end, int depth) {
        int mark = out.length();
        int codeEnd = BsonBytes.stringEnd(bytes, at + 4, end);
        if (isKnownRaw(at)) {
            putRaw(BsonBytes.JAVASCRIPT_WITH_SCOPE, at, end, depth);
            return;
        }
        out.put(style.beforeCode());
        if (!style.putString(out, bytes, at + 8, codeEnd - 1)) {
            noteRaw(at);
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
