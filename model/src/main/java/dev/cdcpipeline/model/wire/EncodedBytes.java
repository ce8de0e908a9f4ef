package dev.cdcpipeline.model.wire;

import dev.cdcpipeline.model.BsonBuffer;

/** Reads bytes written as hexadecimal digits or as base64 (RFC 4648, section 4). */
final class EncodedBytes {

    private EncodedBytes() {}

    /** Puts the bytes of hexadecimal digits; false when the text is not such, then as it likes. */
    static boolean readHex(byte[] text, int from, int end, BsonBuffer out) {
        if (((end - from) & 1) != 0) {
            return false;
        }
        for (int i = from; i < end; i += 2) {
            int high = hexDigit(text[i]);
            int low = hexDigit(text[i + 1]);
            if (high < 0 || low < 0) {
                return false;
            }
            out.putByte(high << 4 | low);
        }
        return true;
    }

    /** The value of a hexadecimal digit; -1 when it is none. */
    static int hexDigit(byte b) {
        if (b >= '0' && b <= '9') {
            return b - '0';
        }
        int lower = b | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }

    /** Puts the bytes of base64 with its padding; false when the text is not such. */
    static boolean readBase64(byte[] text, int from, int end, BsonBuffer out) {
        if (((end - from) & 3) != 0) {
            return false;
        }
        out.ensure((end - from) / 4 * 3);
        int padding = padding(text, from, end);
        for (int i = from; i < end; i += 4) {
            int bits = 0;
            int missing = i + 4 == end ? padding : 0;
            for (int j = 0; j < 4 - missing; j++) {
                int sextet = sextet(text[i + j]);
                if (sextet < 0) {
                    return false;
                }
                bits |= sextet << (18 - 6 * j);
            }
            if ((bits & (1 << (8 * missing)) - 1) != 0) {
                return false;
            }
            for (int j = 0; j < 3 - missing; j++) {
                out.putByte(bits >> (16 - 8 * j));
            }
        }
        return true;
    }

    private static int padding(byte[] text, int from, int end) {
        if (end == from || text[end - 1] != '=') {
            return 0;
        }
        return text[end - 2] == '=' ? 2 : 1;
    }

    private static int sextet(byte b) {
        if (b >= 'A' && b <= 'Z') {
            return b - 'A';
        }
        if (b >= 'a' && b <= 'z') {
            return b - 'a' + 26;
        }
        if (b >= '0' && b <= '9') {
            return b - '0' + 52;
        }
        return switch (b) {
            case '+' -> 62;
            case '/' -> 63;
            default -> -1;
        };
    }
}
