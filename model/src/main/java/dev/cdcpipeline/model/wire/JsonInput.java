package dev.cdcpipeline.model.wire;

import dev.cdcpipeline.model.BsonBuffer;
import dev.cdcpipeline.model.MalformedMessageException;
import dev.cdcpipeline.model.json.JsonText;
import dev.cdcpipeline.model.json.Names;

/**
 * Reads the words of JSON (RFC 8259) out of bytes: punctuation, strings, and where words start and
 * end. Whatever is not JSON is a {@link MalformedMessageException} with its byte. Not thread-safe.
 */
final class JsonInput {

    private static final byte[] NO_BYTES = {};

    /** The last string that {@link #readToken} read is here, unescaped, from start to end. */
    private byte[] token = NO_BYTES;

    private int tokenStart;
    private int tokenEnd;

    private final BsonBuffer unescaped = new BsonBuffer(256);
    private byte[] bytes = NO_BYTES;
    private int at;
    private int limit;

    /** Begins with the text in a part of an array. */
    void start(byte[] array, int from, int end) {
        bytes = array;
        at = from;
        limit = end;
    }

    void release() {
        bytes = NO_BYTES;
        token = NO_BYTES;
    }

    byte[] array() {
        return bytes;
    }

    /** The index in the array after the last byte. */
    int limit() {
        return limit;
    }

    int position() {
        return at;
    }

    void moveTo(int position) {
        at = position;
    }

    MalformedMessageException malformed(String what) {
        return new MalformedMessageException(what, at);
    }

    /** The next byte that is not white space, where the input then stands. */
    byte peek() {
        if (at < limit && bytes[at] > ' ') {
            return bytes[at];
        }
        skipSpace();
        if (at == limit) {
            throw malformed("JSON that ends too early");
        }
        return bytes[at];
    }

    private void skipSpace() {
        while (at < limit && isSpace(bytes[at])) {
            at++;
        }
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    /** Goes over the byte, which must be the next that is not white space. */
    void expect(char ascii) {
        if (peek() != ascii) {
            throw malformed("no '" + ascii + "' where JSON needs one");
        }
        at++;
    }

    /** Goes over the byte if it is the next that is not white space. */
    boolean accept(char ascii) {
        if (peek() != ascii) {
            return false;
        }
        at++;
        return true;
    }

    /** Goes over the word, such as {@code true}. */
    void expectWord(String word) {
        int end = at + word.length();
        if (end > limit || !Names.equal(word, bytes, at, end)) {
            throw malformed("a value that is not JSON");
        }
        at = end;
    }

    void expectEnd() {
        skipSpace();
        if (at < limit) {
            throw malformed("text after the end of the JSON");
        }
    }

    /** The byte at the position plus {@code ahead}; 0 past the end. */
    byte lookAhead(int ahead) {
        return at + ahead < limit ? bytes[at + ahead] : 0;
    }

    /** Reads a string into the buffer, as BSON has it. */
    void readString(BsonBuffer out) {
        expect('"');
        int plain = JsonText.plainEnd(bytes, at, limit);
        if (plain < limit && bytes[plain] == '"') {
            out.putText(bytes, at, plain - at);
            at = plain + 1;
            return;
        }
        int start = out.length();
        out.putInt32(0);
        readUnescaped(out);
        out.putByte(0);
        out.setInt32(start, out.length() - start - 4);
    }

    /** Reads a name and its end into the buffer; BSON names cannot hold NUL. */
    void readName(BsonBuffer out) {
        int position = at;
        expect('"');
        int plain = JsonText.plainEnd(bytes, at, limit);
        if (plain < limit && bytes[plain] == '"') {
            out.putName(bytes, at, plain - at);
            at = plain + 1;
            return;
        }
        int start = out.length();
        readUnescaped(out);
        checkName(out, start, position);
        out.putByte(0);
    }

    /** Reads from after the first quote to after the last. */
    private void readUnescaped(BsonBuffer out) {
        while (true) {
            int plain = JsonText.plainEnd(bytes, at, limit);
            out.putBytes(bytes, at, plain - at);
            at = plain;
            if (endsString()) {
                return;
            }
            readEscape(out);
        }
    }

    private static void checkName(BsonBuffer out, int start, int position) {
        byte[] name = out.array();
        for (int i = start; i < out.length(); i++) {
            if (name[i] == 0) {
                throw new MalformedMessageException("a name with NUL", position);
            }
        }
    }

    /**
     * Goes over the object that starts here, by its braces, brackets and strings only: whether
     * there is JSON between them is for whoever reads it.
     */
    void skipObject() {
        int depth = 0;
        do {
            switch (peek()) {
                case '"' -> skipString();
                case '{', '[' -> {
                    depth++;
                    at++;
                }
                case '}', ']' -> {
                    depth--;
                    at++;
                }
                default -> at++;
            }
        } while (depth > 0);
    }

    private void skipString() {
        at = JsonText.plainEnd(bytes, at + 1, limit);
        while (!endsString()) {
            at = JsonText.plainEnd(bytes, at + 2, limit);
        }
    }

    /** Reads a string to be looked at by {@link #token()}, which is valid until the next one. */
    void readToken() {
        expect('"');
        int start = at;
        at = JsonText.plainEnd(bytes, at, limit);
        if (endsString()) {
            token = bytes;
            tokenStart = start;
            tokenEnd = at - 1;
            return;
        }
        at = start;
        unescaped.truncate(0);
        readUnescaped(unescaped);
        token = unescaped.array();
        tokenStart = 0;
        tokenEnd = unescaped.length();
    }

    byte[] token() {
        return token;
    }

    int tokenStart() {
        return tokenStart;
    }

    int tokenEnd() {
        return tokenEnd;
    }

    boolean tokenIs(String name) {
        return Names.equal(name, token, tokenStart, tokenEnd);
    }

    /** At the end of plain text: is it the string's end? Throws when it is no escape either. */
    private boolean endsString() {
        if (at >= limit) {
            throw malformed("a string without an end");
        }
        byte b = bytes[at];
        if (b == '"') {
            at++;
            return true;
        }
        if (b != '\\') {
            throw malformed(b < 0 ? "text that is not UTF-8" : "a control character in a string");
        }
        return false;
    }

    private void readEscape(BsonBuffer out) {
        switch (lookAhead(1)) {
            case '"', '\\', '/' -> out.putByte(bytes[at + 1]);
            case 'b' -> out.putByte('\b');
            case 'f' -> out.putByte('\f');
            case 'n' -> out.putByte('\n');
            case 'r' -> out.putByte('\r');
            case 't' -> out.putByte('\t');
            case 'u' -> {
                readCodePoint(out);
                return;
            }
            default -> throw malformed("an escape that JSON does not have");
        }
        at += 2;
    }

    private void readCodePoint(BsonBuffer out) {
        int point = hexUnit(2);
        int length = 6;
        if (Character.isSurrogate((char) point)) {
            boolean pair =
                    Character.isHighSurrogate((char) point)
                            && lookAhead(6) == '\\'
                            && lookAhead(7) == 'u';
            int low = pair ? hexUnit(8) : 0;
            if (!Character.isLowSurrogate((char) low)) {
                throw malformed("half of a surrogate pair");
            }
            point = Character.toCodePoint((char) point, (char) low);
            length = 12;
        }
        at += length;
        putUtf8(out, point);
    }

    private int hexUnit(int ahead) {
        int unit = 0;
        for (int i = ahead; i < ahead + 4; i++) {
            int digit = EncodedBytes.hexDigit(lookAhead(i));
            if (digit < 0) {
                throw malformed("an escape without four hexadecimal digits");
            }
            unit = unit << 4 | digit;
        }
        return unit;
    }

    private static void putUtf8(BsonBuffer out, int point) {
        if (point < 0x80) {
            out.putByte(point);
        } else if (point < 0x800) {
            out.putByte(0xC0 | point >> 6);
            out.putByte(tail(point));
        } else if (point < 0x10000) {
            out.putByte(0xE0 | point >> 12);
            out.putByte(tail(point >> 6));
            out.putByte(tail(point));
        } else {
            out.putByte(0xF0 | point >> 18);
            out.putByte(tail(point >> 12));
            out.putByte(tail(point >> 6));
            out.putByte(tail(point));
        }
    }

    private static int tail(int bits) {
        return 0x80 | (bits & 0x3F);
    }
}
