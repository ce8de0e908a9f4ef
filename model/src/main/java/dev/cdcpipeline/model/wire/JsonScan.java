package dev.cdcpipeline.model.wire;

import dev.cdcpipeline.model.json.JsonText;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * Goes over JSON of which it is known what should come, and says whether it comes, where {@link
 * JsonInput} says what is wrong. After a no it stands anywhere. Not thread-safe. {@link JsonCopy}
 * goes on by bytes where words are not enough.
 */
class JsonScan {

    static final byte[] NO_BYTES = {};

    /** Numbers of so many digits fit a long. */
    private static final int SAFE_DIGITS = 18;

    byte[] in = NO_BYTES;
    int at;
    int end;

    /** A name or string in ASCII as it is written, with its quotes. */
    static byte[] quoted(String ascii) {
        return ('"' + ascii + '"').getBytes(StandardCharsets.US_ASCII);
    }

    /** Begins with the text in a part of an array. */
    void start(byte[] array, int from, int limit) {
        in = array;
        at = from;
        end = limit;
    }

    int position() {
        return at;
    }

    /** Where the next word starts, and it then stands. */
    int nextPosition() {
        peek();
        return at;
    }

    void moveTo(int position) {
        at = position;
    }

    /** The next byte that is not white space, where it then stands; 0 at the end. */
    byte peek() {
        if (at < end && in[at] > ' ') {
            return in[at];
        }
        while (at < end && (in[at] == ' ' || in[at] == '\n' || in[at] == '\r' || in[at] == '\t')) {
            at++;
        }
        return at < end ? in[at] : 0;
    }

    /** Comes nothing but white space? */
    boolean isAtEnd() {
        return nextPosition() == end;
    }

    boolean accept(char ascii) {
        if (peek() != ascii) {
            return false;
        }
        at++;
        return true;
    }

    /** Goes over these very bytes. */
    boolean accept(byte[] word) {
        int wordEnd = at + word.length;
        if (wordEnd > end || !Arrays.equals(in, at, wordEnd, word, 0, word.length)) {
            return false;
        }
        at = wordEnd;
        return true;
    }

    /**
     * How objects begin of which each is the first value of the one before.
     *
     * @param compact their braces, names and colons, without white space
     * @param names the names, with their quotes
     */
    @SuppressWarnings("ArrayRecordComponent") // not compared
    record Opening(byte[] compact, byte[][] names) {

        static Opening of(String... names) {
            byte[][] quoted = Stream.of(names).map(JsonScan::quoted).toArray(byte[][]::new);
            String compact = "{\"" + String.join("\":{\"", names) + "\":";
            return new Opening(compact.getBytes(StandardCharsets.US_ASCII), quoted);
        }
    }

    /** Goes over this; at once, if there is no white space, as most of the time. */
    boolean accept(Opening opening) {
        return accept(opening.compact) || acceptSpaced(opening);
    }

    private boolean acceptSpaced(Opening opening) {
        for (byte[] name : opening.names) {
            boolean opens = accept('{') && peek() == '"' && accept(name) && accept(':');
            if (!opens) {
                return false;
            }
        }
        return true;
    }

    /** Goes over a string without escapes. */
    boolean acceptPlainString() {
        if (!accept('"')) {
            return false;
        }
        at = JsonText.plainEnd(in, at, end);
        return at < end && in[at++] == '"';
    }

    /** Goes over what of a string has no escapes, and says where that ends. */
    int plainEnd() {
        at = JsonText.plainEnd(in, at, end);
        return at;
    }

    /** Goes over an integer of up to 18 digits; negative if none is there. */
    long integer() {
        int start = nextPosition();
        long value = 0;
        while (at < end && in[at] >= '0' && in[at] <= '9' && at - start < SAFE_DIGITS) {
            value = 10 * value + in[at++] - '0';
        }
        boolean isNumber = at > start && (in[start] != '0' || at == start + 1);
        return isNumber ? value : -1;
    }

    /**
     * Goes over the object that starts here, by its braces, brackets and strings only: whether
     * there is JSON between them is for whoever reads it.
     */
    boolean acceptObject() {
        if (peek() != '{') {
            return false;
        }
        int depth = 0;
        int i = at;
        while (i < end) {
            switch (in[i]) {
                case '"' -> {
                    i = JsonText.plainEnd(in, i + 1, end);
                    while (i < end && in[i] == '\\') {
                        i = JsonText.plainEnd(in, i + 2, end);
                    }
                    if (i >= end || in[i] != '"') {
                        return false;
                    }
                }
                case '{', '[' -> depth++;
                case '}', ']' -> depth--;
                default -> {}
            }
            i++;
            if (depth == 0) {
                at = i;
                return true;
            }
        }
        return false;
    }
}
