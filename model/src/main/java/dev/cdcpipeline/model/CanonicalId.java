package dev.cdcpipeline.model;

import java.nio.charset.StandardCharsets;

/**
 * The one form of all values that MongoDB takes for the same {@code _id}: those whose entries in
 * the index of {@code _id} are equal. These go by
 *
 * <ul>
 *   <li>the value of numbers, whatever their type ({@link CanonicalNumber}),
 *   <li>the text of a symbol, which equals the string,
 *   <li>the elements of an array without their names,
 *   <li>each of these within documents, arrays and the scope of code, too;
 * </ul>
 *
 * and the bytes of everything else: the order and the names of a document's fields, the subtype of
 * a binary, dates and timestamps, null and undefined are told apart.
 */
final class CanonicalId {

    private CanonicalId() {}

    /**
     * Returns whether a value is in this form; allocates nothing for nearly all of them.
     *
     * @param depth how many documents and arrays enclose the value
     */
    static boolean is(byte[] bytes, byte type, int at, int end, int depth) {
        return switch (type) {
            case BsonBytes.DOUBLE -> CanonicalNumber.isDouble(BsonBytes.int64(bytes, at));
            case BsonBytes.INT64 -> CanonicalNumber.isInt64(BsonBytes.int64(bytes, at));
            case BsonBytes.DECIMAL128 ->
                    CanonicalNumber.isDecimal(
                            BsonBytes.int64(bytes, at + 8), BsonBytes.int64(bytes, at));
            case BsonBytes.SYMBOL -> false;
            case BsonBytes.DOCUMENT -> fieldsAre(bytes, at, false, depth + 1);
            case BsonBytes.ARRAY -> fieldsAre(bytes, at, true, depth + 1);
            case BsonBytes.JAVASCRIPT_WITH_SCOPE ->
                    fieldsAre(bytes, BsonBytes.stringEnd(bytes, at + 4, end), false, depth + 1);
            default -> true;
        };
    }

    private static boolean fieldsAre(byte[] bytes, int start, boolean array, int depth) {
        requireDepth(start, depth);
        int last = start + BsonBytes.int32(bytes, start) - 1;
        int at = start + 4;
        for (int index = 0; at < last; index++) {
            byte type = bytes[at];
            int nameEnd = BsonBytes.nameEnd(bytes, at + 1, last);
            int end = BsonBytes.valueEnd(bytes, type, nameEnd + 1, last);
            boolean named = !array || isIndex(bytes, at + 1, nameEnd, index);
            if (!named || !is(bytes, type, nameEnd + 1, end, depth)) {
                return false;
            }
            at = end;
        }
        return true;
    }

    private static boolean isIndex(byte[] bytes, int start, int end, int index) {
        int rest = index;
        for (int i = end - 1; i >= start; i--) {
            if (bytes[i] != '0' + rest % 10) {
                return false;
            }
            rest /= 10;
            if (rest == 0) {
                return i == start;
            }
        }
        return false;
    }

    /**
     * Puts a value in this form.
     *
     * @return its type
     */
    static byte put(BsonBuffer out, byte[] bytes, byte type, int at, int end, int depth) {
        return switch (type) {
            case BsonBytes.DOUBLE -> CanonicalNumber.putDouble(out, BsonBytes.int64(bytes, at));
            case BsonBytes.INT64 -> CanonicalNumber.putInt64(out, BsonBytes.int64(bytes, at));
            case BsonBytes.DECIMAL128 ->
                    CanonicalNumber.putDecimal(
                            out, BsonBytes.int64(bytes, at + 8), BsonBytes.int64(bytes, at));
            case BsonBytes.DOCUMENT -> putFields(out, bytes, type, at, depth + 1);
            case BsonBytes.ARRAY -> putFields(out, bytes, type, at, depth + 1);
            case BsonBytes.JAVASCRIPT_WITH_SCOPE -> putCode(out, bytes, at, end, depth + 1);
            case BsonBytes.SYMBOL -> putCopy(out, bytes, BsonBytes.STRING, at, end);
            default -> putCopy(out, bytes, type, at, end);
        };
    }

    private static byte putCopy(BsonBuffer out, byte[] bytes, byte type, int at, int end) {
        out.putBytes(bytes, at, end - at);
        return type;
    }

    private static byte putCode(BsonBuffer out, byte[] bytes, int at, int end, int depth) {
        int length = out.length();
        out.putInt32(0);
        int scope = BsonBytes.stringEnd(bytes, at + 4, end);
        out.putBytes(bytes, at + 4, scope - at - 4);
        putFields(out, bytes, BsonBytes.DOCUMENT, scope, depth);
        out.setInt32(length, out.length() - length);
        return BsonBytes.JAVASCRIPT_WITH_SCOPE;
    }

    private static byte putFields(BsonBuffer out, byte[] bytes, byte type, int start, int depth) {
        requireDepth(start, depth);
        int document = out.startDocument();
        int last = start + BsonBytes.int32(bytes, start) - 1;
        int at = start + 4;
        for (int index = 0; at < last; index++) {
            byte valueType = bytes[at];
            int nameEnd = BsonBytes.nameEnd(bytes, at + 1, last);
            int end = BsonBytes.valueEnd(bytes, valueType, nameEnd + 1, last);
            int field = out.length();
            out.putByte(valueType);
            if (type == BsonBytes.ARRAY) {
                byte[] name = Integer.toString(index).getBytes(StandardCharsets.US_ASCII);
                out.putName(name, 0, name.length);
            } else {
                out.putName(bytes, at + 1, nameEnd - at - 1);
            }
            out.setByte(field, put(out, bytes, valueType, nameEnd + 1, end, depth));
            at = end;
        }
        out.endDocument(document);
        return type;
    }

    private static void requireDepth(int at, int depth) {
        if (depth > BsonBytes.MAX_DEPTH) {
            throw new MalformedMessageException(
                    "documents nested deeper than " + BsonBytes.MAX_DEPTH + " levels", at);
        }
    }
}
