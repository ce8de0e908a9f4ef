package dev.cdcpipeline.model.wire;

import dev.cdcpipeline.model.BsonBuffer;
import dev.cdcpipeline.model.BsonBytes;
import dev.cdcpipeline.model.BsonValidation;
import dev.cdcpipeline.model.MalformedMessageException;

/** Reads {@code $binary}, {@code $uuid} and {@code $cdc.raw}, from after the colon. */
final class WrappedBinary {

    private final JsonInput input;
    private final JsonNumber number;

    WrappedBinary(JsonInput input, JsonNumber number) {
        this.input = input;
        this.number = number;
    }

    /** {@code {"base64": "...", "subType": "00"}}, or the older {@code "...", "$type": "00"}. */
    byte readBinary(BsonBuffer out) {
        int start = out.length();
        out.putInt32(0);
        out.putByte(0);
        int subtype = -1;
        if (input.peek() == '"') {
            readBase64(out);
            input.expect(',');
            input.readToken();
            check(input.tokenIs("$type"), "a binary without $type");
            input.expect(':');
            subtype = readType();
        } else {
            subtype = readBase64AndType(out, "subType");
        }
        out.setByte(start + 4, subtype);
        if (subtype == BsonBytes.BINARY_OLD) {
            repeatLength(out, start + 5);
        }
        out.setInt32(start, out.length() - start - 5);
        return BsonBytes.BINARY;
    }

    private static void repeatLength(BsonBuffer out, int start) {
        int length = out.length() - start;
        out.putInt32(0);
        byte[] bytes = out.array();
        System.arraycopy(bytes, start, bytes, start + 4, length);
        out.setInt32(start, length);
    }

    /** {@code "c8edabc3-f738-4ca3-b68d-ab92a91478a3"}. */
    byte readUuid(BsonBuffer out) {
        input.readToken();
        byte[] text = input.token();
        int start = input.tokenStart();
        out.putInt32(16);
        out.putByte(BsonBytes.BINARY_UUID);
        boolean valid = input.tokenEnd() - start == 36;
        int at = start;
        for (int length = 8; valid && at < start + 36; length = at < start + 24 ? 4 : 12) {
            valid =
                    EncodedBytes.readHex(text, at, at + length, out)
                            && (at + length == start + 36 || text[at + length] == '-');
            at += length + 1;
        }
        check(valid, "a UUID that is not one");
        return BsonBytes.BINARY;
    }

    /**
     * {@code "..."} for a document, {@code {"base64": "...", "type": "02"}} for other values: the
     * very bytes.
     */
    byte readRaw(BsonBuffer out, int depth) {
        int position = input.position();
        int start = out.length();
        byte type = BsonBytes.DOCUMENT;
        if (input.peek() == '"') {
            readBase64(out);
        } else {
            type = (byte) readBase64AndType(out, "type");
        }
        try {
            BsonValidation.value(out.array(), type, start, out.length(), depth - 1);
        } catch (MalformedMessageException e) {
            throw new MalformedMessageException("a $cdc.raw that is not BSON", position);
        }
        return type;
    }

    /** {@code {"base64": "...", "<typeName>": "02"}}, in any order; returns the type. */
    private int readBase64AndType(BsonBuffer out, String typeName) {
        input.expect('{');
        boolean hasBytes = false;
        int type = -1;
        do {
            input.readToken();
            if (input.tokenIs("base64") && !hasBytes) {
                input.expect(':');
                readBase64(out);
                hasBytes = true;
            } else {
                check(input.tokenIs(typeName) && type < 0, "a name that does not belong there");
                input.expect(':');
                type = readType();
            }
        } while (input.accept(','));
        input.expect('}');
        check(hasBytes && type >= 0, "a binary without its bytes or its type");
        return type;
    }

    private void readBase64(BsonBuffer out) {
        input.readToken();
        check(
                EncodedBytes.readBase64(input.token(), input.tokenStart(), input.tokenEnd(), out),
                "a binary that is not base64");
    }

    /** One or two hexadecimal digits, or, in older texts, a number. */
    private int readType() {
        if (input.peek() != '"') {
            long type = number.readLong();
            check(type >= 0 && type <= 255, "a type over 8 bits");
            return (int) type;
        }
        input.readToken();
        int type = 0;
        int length = input.tokenEnd() - input.tokenStart();
        for (int i = input.tokenStart(); i < input.tokenEnd() && length <= 2; i++) {
            int digit = EncodedBytes.hexDigit(input.token()[i]);
            check(digit >= 0, "a type that is not hexadecimal");
            type = type << 4 | digit;
        }
        check(length >= 1 && length <= 2, "a type that is not two hexadecimal digits");
        return type;
    }

    private void check(boolean valid, String what) {
        if (!valid) {
            throw input.malformed(what);
        }
    }
}
