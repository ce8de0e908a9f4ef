package dev.cdcpipeline.model.wire;

import dev.cdcpipeline.model.BsonBuffer;
import dev.cdcpipeline.model.BsonBytes;
import dev.cdcpipeline.model.MalformedMessageException;
import dev.cdcpipeline.model.RawDocument;
import dev.cdcpipeline.model.json.Names;
import dev.cdcpipeline.model.json.Wrapper;

import org.jspecify.annotations.Nullable;

/**
 * Reads Extended JSON and writes BSON in one pass, without objects between them. Not thread-safe:
 * it uses one buffer again and again.
 */
final class JsonToBson {

    private static final int INITIAL = 8 * 1024;

    /** A buffer larger than this is not kept for the next message. */
    private static final int LARGEST_KEPT = 4 * 1024 * 1024;

    private final JsonInput input = new JsonInput();
    private final JsonNumber number = new JsonNumber(input);
    private BsonBuffer out = new BsonBuffer(INITIAL);
    private boolean placeLeftOut;
    private int documentStart = -1;
    private int documentEnd;
    private final WrappedValue wrapped = new WrappedValue(input, number, this);

    /**
     * The BSON bytes of the document that a part of an array is.
     *
     * @throws MalformedMessageException for all bytes that are not one, with the place in the array
     */
    byte[] read(byte[] array, int start, int end) {
        begin(array, start, end);
        try {
            readWhole();
            return out.toBytes();
        } finally {
            input.release();
        }
    }

    /** Frees the memory of a large message at once. */
    void forgetLarge() {
        if (out.array().length > LARGEST_KEPT) {
            out = new BsonBuffer(INITIAL);
        }
    }

    private void begin(byte[] array, int start, int end) {
        forgetLarge();
        out.truncate(0);
        documentStart = -1;
        input.start(array, start, end);
    }

    private void readWhole() {
        int start = input.position();
        if (readValue(0) != BsonBytes.DOCUMENT) {
            throw new MalformedMessageException("JSON that is not a document", start);
        }
        input.expectEnd();
    }

    /**
     * The document that a part of an array is, over a buffer that the next reading uses again.
     *
     * @throws MalformedMessageException for all bytes that are not one
     */
    RawDocument readAsView(byte[] array, int start, int end) {
        begin(array, start, end);
        try {
            readWhole();
            return RawDocument.wrap(out.array(), 0, out.length());
        } finally {
            input.release();
        }
    }

    /**
     * The event that a part of an array is, without the documents in it that {@link EventOutline}
     * leaves out, over a buffer that the next reading uses again. Where the document lies that the
     * event is about, {@link #documentStart} says.
     *
     * @param placed whether to leave out the token and the time, too
     * @throws MalformedMessageException for all bytes that are not an object
     */
    RawDocument readOutline(byte[] array, int start, int end, boolean placed) {
        begin(array, start, end);
        placeLeftOut = placed;
        try {
            input.expect('{');
            int outStart = out.startDocument();
            if (!input.accept('}')) {
                do {
                    readOutlineField();
                } while (input.accept(','));
                input.expect('}');
            }
            out.endDocument(outStart);
            input.expectEnd();
            return RawDocument.wrap(out.array(), 0, out.length());
        } finally {
            input.release();
        }
    }

    private void readOutlineField() {
        int typeAt = out.length();
        out.putByte(0);
        input.readName(out);
        input.expect(':');
        int name = typeAt + 1;
        int nameEnd = out.length() - 1;
        boolean isDocument = Names.equal("fullDocument", out.array(), name, nameEnd);
        boolean isLeftOut = isDocument || isLeftOut(name, nameEnd);
        if (!isLeftOut || input.peek() != '{') {
            out.setByte(typeAt, readValue(1));
            return;
        }
        int start = input.position();
        input.skipObject();
        out.truncate(typeAt);
        if (isDocument && documentStart < 0) {
            documentStart = start;
            documentEnd = input.position();
        }
    }

    private boolean isLeftOut(int name, int nameEnd) {
        byte[] bytes = out.array();
        return Names.equal("updateDescription", bytes, name, nameEnd)
                || Names.equal("fullDocumentBeforeChange", bytes, name, nameEnd)
                || (placeLeftOut
                        && (Names.equal("_id", bytes, name, nameEnd)
                                || Names.equal("clusterTime", bytes, name, nameEnd)));
    }

    /** Where the last outline's document starts; negative when it has none. */
    int documentStart() {
        return documentStart;
    }

    /** The index after the last outline's document. */
    int documentEnd() {
        return documentEnd;
    }

    BsonBuffer out() {
        return out;
    }

    /**
     * Reads a value.
     *
     * @param depth how many documents and arrays enclose it
     * @return its BSON type
     */
    private byte readValue(int depth) {
        return switch (input.peek()) {
            case '{' -> readObject(depth + 1);
            case '[' -> readArray(depth + 1);
            case '"' -> readString();
            case 't' -> readBoolean("true", 1);
            case 'f' -> readBoolean("false", 0);
            case 'n' -> readNull();
            case 'N' -> readBareDouble("NaN", Double.NaN);
            case 'I' -> readBareDouble("Infinity", Double.POSITIVE_INFINITY);
            default ->
                    input.lookAhead(1) == 'I'
                            ? readBareDouble("-Infinity", Double.NEGATIVE_INFINITY)
                            : number.read(out);
        };
    }

    private byte readBoolean(String word, int value) {
        input.expectWord(word);
        out.putByte(value);
        return BsonBytes.BOOLEAN;
    }

    private byte readNull() {
        input.expectWord("null");
        return BsonBytes.NULL;
    }

    /** The bson library's legacy modes, which the official connector uses, write these bare. */
    private byte readBareDouble(String word, double value) {
        input.expectWord(word);
        out.putInt64(Double.doubleToRawLongBits(value));
        return BsonBytes.DOUBLE;
    }

    /** Reads a string as BSON has it: length, text, NUL. */
    byte readString() {
        input.readString(out);
        return BsonBytes.STRING;
    }

    private byte readObject(int depth) {
        input.expect('{');
        Wrapper wrapper = wrapperAhead();
        if (wrapper != null) {
            int position = input.position();
            input.readToken();
            byte type = wrapped.read(wrapper, depth);
            if (type != WrappedValue.NOT_WRAPPED) {
                return type;
            }
            input.moveTo(position);
        }
        readFields(depth);
        return BsonBytes.DOCUMENT;
    }

    /** The wrapper that the name after the brace makes of the object; null when it makes none. */
    private @Nullable Wrapper wrapperAhead() {
        boolean maybe =
                input.peek() == '"' && (input.lookAhead(1) == '$' || input.lookAhead(1) == '\\');
        if (!maybe) {
            return null;
        }
        int position = input.position();
        input.readToken();
        input.moveTo(position);
        return Wrapper.of(input.token(), input.tokenStart(), input.tokenEnd());
    }

    /** Reads a scope, which is a document and not what else an object may stand for. */
    void readScope(int depth) {
        input.expect('{');
        int position = input.position();
        Wrapper wrapper = wrapperAhead();
        if (wrapper != null && wrapper != Wrapper.RAW && wrapper != Wrapper.REGEX) {
            throw input.malformed("a value where a scope must be");
        }
        input.moveTo(position - 1);
        if (readObject(depth) != BsonBytes.DOCUMENT) {
            throw new MalformedMessageException("a value where a scope must be", position);
        }
    }

    private void readFields(int depth) {
        checkDepth(depth);
        int start = out.startDocument();
        if (!input.accept('}')) {
            do {
                int typeAt = out.length();
                out.putByte(0);
                input.readName(out);
                input.expect(':');
                out.setByte(typeAt, readValue(depth));
            } while (input.accept(','));
            input.expect('}');
        }
        out.endDocument(start);
    }

    private byte readArray(int depth) {
        checkDepth(depth);
        input.expect('[');
        int start = out.startDocument();
        if (!input.accept(']')) {
            int index = 0;
            do {
                int typeAt = out.length();
                out.putByte(0);
                putIndex(index++);
                out.setByte(typeAt, readValue(depth));
            } while (input.accept(','));
            input.expect(']');
        }
        out.endDocument(start);
        return BsonBytes.ARRAY;
    }

    private void putIndex(int index) {
        int digits = 1;
        for (int rest = index; rest >= 10; rest /= 10) {
            digits++;
        }
        out.ensure(digits + 1);
        byte[] bytes = out.array();
        int end = out.length() + digits;
        int rest = index;
        for (int i = end - 1; i >= end - digits; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        bytes[end] = 0;
        out.advance(digits + 1);
    }

    private void checkDepth(int depth) {
        if (depth > BsonBytes.MAX_DEPTH) {
            throw input.malformed(
                    "documents nested deeper than " + BsonBytes.MAX_DEPTH + " levels");
        }
    }
}
