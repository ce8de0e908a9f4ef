package dev.cdcpipeline.model.wire;

import dev.cdcpipeline.model.BsonBytes;
import dev.cdcpipeline.model.json.JsonText;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;

/**
 * Turns Extended JSON into the text of a {@code jsonb} column by copying: most of it is the same
 * text in both. It understands strings, numbers, ObjectIds, dates and int64 in the form in which
 * they are usually written, and says of everything else that it must go the long way, by BSON. Not
 * thread-safe: what it copies lies, text after text, in arrays that it fills one after the other.
 */
final class JsonCopy extends JsonScan {

    /** Numbers of so many digits are exact, whatever they are read as. */
    private static final int SAFE_DIGITS = 18;

    /** An integer of so many digits is an int32. */
    private static final int INT32_DIGITS = 9;

    /**
     * Up to here a double is written with the digits that it is read from, and without exponent.
     */
    private static final int DOUBLE_DIGITS_BEFORE = 7;

    private static final int DOUBLE_DIGITS_AFTER = 6;

    private static final int BLOCK = 256 * 1024;
    private static final byte[] OID = quoted("$oid");
    private static final byte[] DATE = quoted("$date");
    private static final byte[] NUMBER_LONG = quoted("$numberLong");
    private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

    private final boolean plain;
    private byte[] out = NO_BYTES;
    private boolean looksOnly;

    /**
     * The text under way starts here; what is before it are others, which do not change any more.
     */
    private int textStart;

    private int used;
    private int start;

    /** What has not been copied yet starts here. */
    private int pending;

    /**
     * @param plain as PlainJson, without the wrappers of Extended JSON; otherwise with them
     */
    JsonCopy(boolean plain) {
        this.plain = plain;
    }

    /** The document's text where it lies in the message, if nothing in it changes; else null. */
    @Nullable JsonSlice unchanged(byte[] message, int from, int limit) {
        looksOnly = true;
        try {
            return copy(message, from, limit);
        } finally {
            looksOnly = false;
        }
    }

    /**
     * The document's text, in the message itself if nothing in it changes; null when it must go the
     * long way, malformed text among others.
     */
    @Nullable JsonSlice copy(byte[] message, int from, int limit) {
        start(message, from, limit);
        start = from;
        pending = from;
        textStart = used;
        try {
            boolean copied = peek() == '{' && !startsWithWrapper() && readObject(1) && at == end;
            if (!copied) {
                return null;
            }
            if (pending == start) {
                return new JsonSlice(message, start, end);
            }
            if (looksOnly) {
                return null;
            }
            flush(end);
            var text = new JsonSlice(out, textStart, used);
            textStart = used;
            return text;
        } finally {
            in = NO_BYTES;
            used = textStart;
            if (out.length > BLOCK) {
                out = NO_BYTES; // full of one large text
                used = 0;
            }
        }
    }

    private boolean startsWithWrapper() {
        int brace = at++;
        boolean wrapper = peek() == '"' && at + 1 < end && in[at + 1] == '$';
        at = brace;
        return wrapper;
    }

    private boolean readValue(int depth) {
        return switch (peek()) {
            case '"' -> readString();
            case '{' -> startsWithWrapper() ? readWrapper() : readObject(depth + 1);
            case '[' -> readArray(depth + 1);
            case 't' -> accept(TRUE);
            case 'f' -> accept(FALSE);
            case 'n' -> accept(NULL);
            default -> readNumber();
        };
    }

    private boolean readObject(int depth) {
        return readMembers(depth, true, '}');
    }

    private boolean readArray(int depth) {
        return readMembers(depth, false, ']');
    }

    private boolean readMembers(int depth, boolean named, char close) {
        at++;
        if (accept(close)) {
            return true;
        }
        if (depth > BsonBytes.MAX_DEPTH) {
            return false;
        }
        do {
            boolean member = (!named || (readName() && accept(':'))) && readValue(depth);
            if (!member) {
                return false;
            }
        } while (accept(','));
        return accept(close);
    }

    /** A name without escapes that no reader could take for a wrapper's. */
    private boolean readName() {
        if (!accept('"') || at >= end || in[at] == '$') {
            return false;
        }
        at = JsonText.plainEnd(in, at, end);
        return at < end && in[at++] == '"';
    }

    private boolean readString() {
        at++;
        while (true) {
            at = JsonText.plainEnd(in, at, end);
            if (at >= end) {
                return false;
            }
            if (in[at] == '"') {
                at++;
                return true;
            }
            // Code points go the long way: NUL and half surrogates need care.
            if (in[at] != '\\' || at + 1 >= end || "\"\\/bfnrt".indexOf(in[at + 1]) < 0) {
                return false;
            }
            at += 2;
        }
    }

    private boolean readNumber() {
        boolean negative = in[at] == '-';
        int first = negative ? at + 1 : at;
        int point = digitsEnd(first);
        int digits = point - first;
        if (digits == 0 || (in[first] == '0' && digits > 1)) {
            return false;
        }
        boolean fraction = point < end && in[point] == '.';
        at = fraction ? digitsEnd(point + 1) : point;
        boolean simple =
                fraction
                        ? isSimpleFraction(first, point, at, negative)
                        : digits <= SAFE_DIGITS && !(negative && in[first] == '0');
        return simple && !(at < end && (in[at] | 0x20) == 'e');
    }

    private int digitsEnd(int from) {
        int i = from;
        while (i < end && in[i] >= '0' && in[i] <= '9') {
            i++;
        }
        return i;
    }

    /**
     * Would the double be written with the same digits? So few are always its shortest form, which
     * has no zeros at its end but one after the point, and no exponent from 0.001 on.
     */
    private boolean isSimpleFraction(int first, int point, int last, boolean negative) {
        int places = last - point - 1;
        if (places < 1 || places > DOUBLE_DIGITS_AFTER || point - first > DOUBLE_DIGITS_BEFORE) {
            return false;
        }
        if (in[last - 1] == '0' && places > 1) {
            return false;
        }
        boolean belowOne = in[first] == '0';
        if (!belowOne) {
            return true;
        }
        if (places == 1 && in[point + 1] == '0') {
            return !negative;
        }
        for (int i = point + 1; i < last && i <= point + 3; i++) {
            if (in[i] != '0') {
                return true;
            }
        }
        return false;
    }

    private boolean readWrapper() {
        int brace = at++;
        peek();
        if (opens(OID)) {
            int start = at;
            return isObjectId() && close(brace, start - 1, at + 1);
        }
        if (opens(DATE)) {
            int start = at;
            return isDate() && close(brace, start - 1, at + 1);
        }
        if (opens(NUMBER_LONG)) {
            int start = at;
            return isInt64() && close(brace, start, at);
        }
        return false;
    }

    /** Goes over the name, the colon and the quote of the text after it. */
    private boolean opens(byte[] name) {
        return accept(name) && accept(':') && accept('"');
    }

    /** At the quote after the text: goes over it and the brace, and puts what stands for it. */
    private boolean close(int brace, int from, int to) {
        at++;
        if (!accept('}')) {
            return false;
        }
        if (plain) {
            flush(brace);
            put(from, to);
            pending = at;
        }
        return true;
    }

    private boolean isObjectId() {
        int start = at;
        while (at < end && ((in[at] >= '0' && in[at] <= '9') || (in[at] >= 'a' && in[at] <= 'f'))) {
            at++;
        }
        return at - start == 24 && at < end && in[at] == '"';
    }

    /** A date from 1970 on, in UTC, with milliseconds only where there are some. */
    private boolean isDate() {
        int start = at;
        at = JsonText.plainEnd(in, at, end);
        if (at >= end || in[at] != '"' || in[at - 1] != 'Z') {
            return false;
        }
        boolean shape =
                switch (at - start) {
                    case 20 -> true;
                    case 24 -> in[at - 2] != '0' || in[at - 3] != '0' || in[at - 4] != '0';
                    default -> false;
                };
        return shape && DateText.millis(in, start, at) >= 0;
    }

    private boolean isInt64() {
        int first = in[at] == '-' ? at + 1 : at;
        boolean negative = first > at;
        at = digitsEnd(first);
        int digits = at - first;
        boolean usual = digits > 0 && (in[first] != '0' || (digits == 1 && !negative));
        return usual && digits <= (plain ? SAFE_DIGITS : INT32_DIGITS) && at < end && in[at] == '"';
    }

    private void flush(int to) {
        put(pending, to);
        pending = to;
    }

    private void put(int from, int to) {
        if (looksOnly) {
            return;
        }
        if (to - from > out.length - used) {
            moveToNewBlock();
        }
        System.arraycopy(in, from, out, used, to - from);
        used += to - from;
    }

    /** What is put is never longer than what was read. */
    private void moveToNewBlock() {
        byte[] block = new byte[Math.max(BLOCK, end - start)];
        System.arraycopy(out, textStart, block, 0, used - textStart);
        used -= textStart;
        textStart = 0;
        out = block;
    }
}
