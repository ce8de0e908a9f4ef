package dev.cdcpipeline.model.wire;

import dev.cdcpipeline.model.DocumentKey;
import dev.cdcpipeline.model.MalformedMessageException;
import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.model.OperationType;
import dev.cdcpipeline.model.Position;
import dev.cdcpipeline.model.RawDocument;
import dev.cdcpipeline.model.ResumeToken;
import dev.cdcpipeline.model.Version;
import dev.cdcpipeline.model.wire.JsonScan.Opening;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * An event as nearly all are: JSON, about one document, with the fields that a change stream gives
 * it and no others, each once and in its usual form. It is the places of these in the message; what
 * is asked for is read there and then. Of any other message {@link #read} says no. Not thread-safe:
 * the reader uses it again for the next message.
 */
public final class UsualEvent implements EventOutline {

    private static final byte[] NO_BYTES = {};
    private static final byte[] ID = JsonScan.quoted("_id");
    private static final byte[] OPERATION_TYPE = JsonScan.quoted("operationType");
    private static final byte[] CLUSTER_TIME = JsonScan.quoted("clusterTime");
    private static final byte[] WALL_TIME = JsonScan.quoted("wallTime");
    private static final byte[] NS = JsonScan.quoted("ns");
    private static final byte[] DOCUMENT_KEY = JsonScan.quoted("documentKey");
    private static final byte[] FULL_DOCUMENT = JsonScan.quoted("fullDocument");
    private static final byte[] FULL_DOCUMENT_BEFORE_CHANGE =
            JsonScan.quoted("fullDocumentBeforeChange");
    private static final byte[] UPDATE_DESCRIPTION = JsonScan.quoted("updateDescription");
    private static final byte[] INCREMENT = JsonScan.quoted("i");
    private static final Opening DATA = Opening.of("_data");
    private static final Opening TIMESTAMP = Opening.of("$timestamp", "t");
    private static final Opening DATE = Opening.of("$date");
    private static final Opening OBJECT_ID_KEY = Opening.of("_id", "$oid");
    private static final int OBJECT_ID_DIGITS = 24;
    private static final int ABSENT = -1;

    private final JsonScan scan = new JsonScan();
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

    /** Lets go of the message, which may be large. */
    void release() {
        array = NO_BYTES;
        scan.in = NO_BYTES;
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
        scan.start(message, start, end);
        return readFields(placed) && isComplete(placed);
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
        if (!scan.accept('{')) {
            return false;
        }
        do {
            if (!readField(placed)) {
                return false;
            }
        } while (scan.accept(','));
        return scan.accept('}') && scan.isAtEnd();
    }

    private boolean readField(boolean placed) {
        int start = scan.nextPosition();
        if (!scan.acceptPlainString()) {
            return false;
        }
        int end = scan.position();
        if (!scan.accept(':')) {
            return false;
        }
        return switch (end - start) {
            case 4 -> is(NS, start, end) && nsStart < 0 && readNs();
            case 5 ->
                    is(ID, start, end)
                            && (placed ? scan.acceptObject() : tokenStart < 0 && readResumeToken());
            case 10 ->
                    is(WALL_TIME, start, end) && wallTime == DateText.NOT_A_DATE && readWallTime();
            case 13 ->
                    is(CLUSTER_TIME, start, end)
                            ? (placed ? scan.acceptObject() : version < 0 && readClusterTime())
                            : is(DOCUMENT_KEY, start, end) && keyStart < 0 && readKey();
            case 14 -> is(FULL_DOCUMENT, start, end) && documentStart < 0 && readDocument();
            case 15 ->
                    is(OPERATION_TYPE, start, end) && operationType == null && readOperationType();
            case 19 -> is(UPDATE_DESCRIPTION, start, end) && scan.acceptObject();
            default -> is(FULL_DOCUMENT_BEFORE_CHANGE, start, end) && scan.acceptObject();
        };
    }

    private boolean is(byte[] name, int start, int end) {
        return Arrays.equals(array, start, end, name, 0, name.length);
    }

    private boolean readResumeToken() {
        if (!scan.accept(DATA) || !scan.accept('"')) {
            return false;
        }
        tokenStart = scan.position();
        tokenEnd = scan.plainEnd();
        return scan.accept('"') && scan.accept('}');
    }

    private boolean readOperationType() {
        if (!scan.accept('"')) {
            return false;
        }
        int start = scan.position();
        operationType = OperationType.of(array, start, scan.plainEnd());
        return switch (operationType) {
            case INSERT, UPDATE, REPLACE, DELETE -> scan.accept('"');
            case DROP, RENAME, DROP_DATABASE, INVALIDATE, OTHER -> false;
        };
    }

    private boolean readClusterTime() {
        if (!scan.accept(TIMESTAMP)) {
            return false;
        }
        long seconds = scan.integer();
        boolean hasIncrement =
                scan.accept(',')
                        && scan.peek() == '"'
                        && scan.accept(INCREMENT)
                        && scan.accept(':');
        if (!hasIncrement) {
            return false;
        }
        long increment = scan.integer();
        boolean fits =
                seconds >= 0
                        && seconds <= 0xFFFF_FFFFL
                        && increment >= 0
                        && increment <= Integer.MAX_VALUE;
        version = fits ? seconds << 31 | increment : ABSENT;
        return fits && scan.accept('}') && scan.accept('}');
    }

    private boolean readWallTime() {
        if (!scan.accept(DATE) || !scan.accept('"')) {
            return false;
        }
        int start = scan.position();
        wallTime = DateText.millis(array, start, scan.plainEnd());
        return wallTime != DateText.NOT_A_DATE && scan.accept('"') && scan.accept('}');
    }

    private boolean readDocument() {
        documentStart = scan.nextPosition();
        boolean isObject = scan.acceptObject();
        documentEnd = scan.position();
        return isObject;
    }

    private boolean readNs() {
        nsStart = scan.nextPosition();
        boolean isObject = scan.acceptObject();
        nsEnd = scan.position();
        return isObject;
    }

    private boolean readKey() {
        keyStart = scan.nextPosition();
        if (!readObjectIdKey()) {
            objectIdStart = ABSENT;
            scan.moveTo(keyStart);
            if (!scan.acceptObject()) {
                return false;
            }
        }
        keyEnd = scan.position();
        return true;
    }

    private boolean readObjectIdKey() {
        if (!scan.accept(OBJECT_ID_KEY) || !scan.accept('"')) {
            return false;
        }
        objectIdStart = scan.position();
        return scan.plainEnd() - objectIdStart == OBJECT_ID_DIGITS
                && isLowerCaseHex(objectIdStart)
                && scan.accept('"')
                && scan.accept('}')
                && scan.accept('}');
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
