package dev.cdcpipeline.model.wire;

import dev.cdcpipeline.model.DocumentKey;
import dev.cdcpipeline.model.MalformedMessageException;
import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.model.OperationType;
import dev.cdcpipeline.model.Position;
import dev.cdcpipeline.model.RawDocument;
import dev.cdcpipeline.model.ResumeToken;
import dev.cdcpipeline.model.Version;

import org.jspecify.annotations.Nullable;

/**
 * An event as nearly all are: JSON, about one document, with the fields that a change stream gives
 * it and no others, each once and in its usual form. It is the places of these in the message; what
 * is asked for is read there and then. Of any other message {@link #read} says no. Not thread-safe:
 * the reader uses it again for the next message.
 */
public final class UsualEvent implements EventOutline {

    private static final byte[] NO_BYTES = {};
    private static final int OBJECT_ID_DIGITS = 24;
    private static final int ABSENT = -1;

    private final JsonInput input = new JsonInput();
    private final JsonNumber number = new JsonNumber(input);
    private final JsonToBson json;

    private byte[] array = NO_BYTES;
    private @Nullable OperationType operationType;
    private int tokenStart;
    private int tokenEnd;
    private long version;
    private long wallTime;
    private int nsStart;
    private int nsEnd;
    private int keyStart;
    private int keyEnd;
    private int objectIdStart;
    private int documentStart;
    private int documentEnd;

    /**
     * @param json reads what is in no usual form
     */
    UsualEvent(JsonToBson json) {
        this.json = json;
    }

    /**
     * Finds the fields of the event that a part of an array is.
     *
     * @param placed whether token and time are not asked for
     * @return false if it is none of the usual ones, or not JSON at all
     */
    boolean read(byte[] message, int start, int end, boolean placed) {
        array = message;
        operationType = null;
        tokenStart = ABSENT;
        version = ABSENT;
        wallTime = DateText.NOT_A_DATE;
        nsStart = ABSENT;
        keyStart = ABSENT;
        objectIdStart = ABSENT;
        documentStart = ABSENT;
        input.start(message, start, end);
        try {
            return readFields(placed) && isComplete(placed);
        } catch (MalformedMessageException e) {
            return false; // whoever reads it as a whole says what is wrong
        } finally {
            input.release();
        }
    }

    private boolean isComplete(boolean placed) {
        boolean isPlaced = placed || (tokenStart >= 0 && version >= 0);
        return isPlaced
                && nsStart >= 0
                && keyStart >= 0
                && operationType != null
                && (documentStart >= 0 || operationType == OperationType.DELETE);
    }

    private boolean readFields(boolean placed) {
        input.expect('{');
        do {
            if (!readField(placed)) {
                return false;
            }
        } while (input.accept(','));
        input.expect('}');
        input.expectEnd();
        return true;
    }

    private boolean readField(boolean placed) {
        input.readToken();
        input.expect(':');
        if (input.tokenIs("_id")) {
            return placed ? skipObject() : tokenStart < 0 && readResumeToken();
        }
        if (input.tokenIs("operationType")) {
            return operationType == null && readOperationType();
        }
        if (input.tokenIs("clusterTime")) {
            return placed ? skipObject() : version < 0 && readClusterTime();
        }
        if (input.tokenIs("wallTime")) {
            return wallTime == DateText.NOT_A_DATE && readWallTime();
        }
        if (input.tokenIs("fullDocument")) {
            return documentStart < 0 && readDocument();
        }
        if (input.tokenIs("ns")) {
            return nsStart < 0 && readNs();
        }
        if (input.tokenIs("documentKey")) {
            return keyStart < 0 && readKey();
        }
        return (input.tokenIs("updateDescription") || input.tokenIs("fullDocumentBeforeChange"))
                && skipObject();
    }

    /** Goes over the value, which must be an object. */
    private boolean skipObject() {
        if (input.peek() != '{') {
            return false;
        }
        input.skipObject();
        return true;
    }

    /** Goes over the brace and the name, if these are what comes. */
    private boolean opens(String name) {
        if (!input.accept('{')) {
            return false;
        }
        input.readToken();
        return input.tokenIs(name) && input.accept(':');
    }

    /** Goes over a string without escapes, which {@link #input} then has. */
    private boolean readPlainText() {
        if (input.peek() != '"') {
            return false;
        }
        input.readToken();
        return !input.tokenHadEscapes();
    }

    private boolean readResumeToken() {
        if (!opens("_data") || !readPlainText()) {
            return false;
        }
        tokenStart = input.tokenStart();
        tokenEnd = input.tokenEnd();
        return input.accept('}');
    }

    private boolean readOperationType() {
        if (!readPlainText()) {
            return false;
        }
        operationType = OperationType.of(array, input.tokenStart(), input.tokenEnd());
        return switch (operationType) {
            case INSERT, UPDATE, REPLACE, DELETE -> true;
            case DROP, RENAME, DROP_DATABASE, INVALIDATE, OTHER -> false;
        };
    }

    private boolean readClusterTime() {
        if (!opens("$timestamp") || !opens("t")) {
            return false;
        }
        long seconds = number.readLong();
        if (!input.accept(',')) {
            return false;
        }
        input.readToken();
        if (!input.tokenIs("i") || !input.accept(':')) {
            return false;
        }
        long increment = number.readLong();
        boolean fits =
                seconds >= 0
                        && seconds <= 0xFFFF_FFFFL
                        && increment >= 0
                        && increment <= Integer.MAX_VALUE;
        version = fits ? seconds << 31 | increment : ABSENT;
        return fits && input.accept('}') && input.accept('}');
    }

    private boolean readWallTime() {
        if (!opens("$date") || !readPlainText()) {
            return false;
        }
        wallTime = DateText.millis(array, input.tokenStart(), input.tokenEnd());
        return wallTime != DateText.NOT_A_DATE && input.accept('}');
    }

    private boolean readDocument() {
        documentStart = startOfValue();
        boolean isObject = skipObject();
        documentEnd = input.position();
        return isObject;
    }

    private boolean readNs() {
        nsStart = startOfValue();
        boolean isObject = skipObject();
        nsEnd = input.position();
        return isObject;
    }

    private boolean readKey() {
        keyStart = startOfValue();
        if (!readObjectIdKey()) {
            objectIdStart = ABSENT;
            input.moveTo(keyStart);
            if (!skipObject()) {
                return false;
            }
        }
        keyEnd = input.position();
        return true;
    }

    private int startOfValue() {
        input.peek();
        return input.position();
    }

    private boolean readObjectIdKey() {
        if (!opens("_id") || !opens("$oid") || !readPlainText()) {
            return false;
        }
        objectIdStart = input.tokenStart();
        return input.tokenEnd() - objectIdStart == OBJECT_ID_DIGITS
                && isLowerCaseHex(objectIdStart)
                && input.accept('}')
                && input.accept('}');
    }

    private boolean isLowerCaseHex(int from) {
        for (int i = from; i < from + OBJECT_ID_DIGITS; i++) {
            byte digit = array[i];
            if ((digit < '0' || digit > '9') && (digit < 'a' || digit > 'f')) {
                return false;
            }
        }
        return true;
    }

    /** The message's array; not to be changed. */
    public byte[] array() {
        return array;
    }

    /** One of insert, update, replace, delete. */
    public OperationType operationType() {
        if (operationType == null) {
            throw new IllegalStateException("No event was read.");
        }
        return operationType;
    }

    @Override
    public @Nullable DocumentSlice fullDocument() {
        return documentStart < 0
                ? null
                : new DocumentSlice(array, documentStart, documentEnd, WireFormat.JSON);
    }

    /**
     * What the event itself says of its place; only if it was not left out.
     *
     * @throws MalformedMessageException when its token is none
     */
    @Override
    public RecordHeaders headers() {
        var position = new Position(0, ResumeToken.ofHex(array, tokenStart, tokenEnd));
        return new RecordHeaders(position, new Version(version), RecordKind.CHANGE);
    }

    /** When the server made the change, in milliseconds since 1970; null if it does not say. */
    @Override
    public @Nullable Long wallMillis() {
        return wallTime == DateText.NOT_A_DATE ? null : wallTime;
    }

    /** Where in the array the text of {@link #namespace} starts. */
    public int nsStart() {
        return nsStart;
    }

    /** Where it ends: the index after it. */
    public int nsEnd() {
        return nsEnd;
    }

    /**
     * Where it happened.
     *
     * @throws MalformedMessageException when {@code ns} does not say it
     */
    public Namespace namespace() {
        return Namespace.of(json.readAsView(array, nsStart, nsEnd));
    }

    /** Where in the array an ObjectId's 24 digits are; negative if the key is none. */
    public int objectIdStart() {
        return objectIdStart;
    }

    /**
     * The document's key.
     *
     * @throws MalformedMessageException when there is no {@code _id} in it
     */
    public DocumentKey documentKey() {
        return DocumentKey.of(RawDocument.wrap(json.read(array, keyStart, keyEnd)));
    }
}
