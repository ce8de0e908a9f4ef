package dev.cdcpipeline.model;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * What a resume token says besides its order. Its bytes are a key string (MongoDB's {@code
 * resume_token.cpp}, versions 1 and 2, servers 4.2 and later): cluster time, version, kind of
 * token, index in the transaction, whether it is an invalidate's, the collection's UUID, and what
 * tells events of one time apart. A token is opaque by contract, so bytes that are anything else
 * say nothing.
 */
final class TokenFields {
    private static final int TIMESTAMP = 0x82;
    private static final int ZERO = 0x29;
    private static final int ONE_BYTE_INT = 0x2B;
    private static final int EIGHT_BYTE_INT = 0x32;
    private static final int TRUE = 0x6F;
    private static final int FALSE = 0x6E;
    private static final int BINARY = 0x5A;
    private static final int UUID_LENGTH = 16;
    private static final int UUID_SUBTYPE = 4;
    private static final int NOT_THERE = -1;

    private final byte[] token;

    /** Where {@code fromInvalidate} is, negative when the token says something else. */
    private final int flag;

    TokenFields(byte[] token) {
        this.token = token;
        int at = byteAt(0) == TIMESTAMP ? 1 + Long.BYTES : NOT_THERE;
        for (int number = 0; number < 3; number++) {
            at = afterNumber(at);
        }
        this.flag = byteAt(at) == TRUE || byteAt(at) == FALSE ? at : NOT_THERE;
    }

    boolean isFromInvalidate() {
        return byteAt(flag) == TRUE;
    }

    @Nullable UUID collectionId() {
        int start = flag + 4;
        boolean there =
                flag >= 0
                        && byteAt(flag + 1) == BINARY
                        && byteAt(flag + 2) == UUID_LENGTH
                        && byteAt(flag + 3) == UUID_SUBTYPE
                        && start + UUID_LENGTH <= token.length;
        if (!there) {
            return null;
        }
        ByteBuffer id = ByteBuffer.wrap(token, start, UUID_LENGTH);
        return new UUID(id.getLong(), id.getLong());
    }

    /** The place after an integer that is not negative, whose type says how many bytes it has. */
    private int afterNumber(int at) {
        int type = byteAt(at);
        if (type == ZERO) {
            return at + 1;
        }
        boolean integer = type >= ONE_BYTE_INT && type <= EIGHT_BYTE_INT;
        return integer ? at + 2 + (type - ONE_BYTE_INT) : NOT_THERE;
    }

    private int byteAt(int at) {
        return at >= 0 && at < token.length ? token[at] & 0xFF : NOT_THERE;
    }
}
