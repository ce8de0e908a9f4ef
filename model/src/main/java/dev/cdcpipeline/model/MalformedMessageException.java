package dev.cdcpipeline.model;

/**
 * Bytes that are not the message they should be. It is the only exception that reading a message
 * throws, whatever its bytes are. The text never holds document values.
 */
public final class MalformedMessageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String what;
    private final int bytePosition;

    /**
     * @param what one clause that says what is wrong, such as "a string without an end"
     * @param bytePosition where, counted in bytes from the start of the message
     */
    public MalformedMessageException(String what, int bytePosition) {
        super("Malformed message: " + what + ", at byte " + bytePosition);
        this.what = what;
        this.bytePosition = bytePosition;
    }

    /** The same of another place in the message, found at the same place in the code. */
    public MalformedMessageException at(int otherBytePosition) {
        if (otherBytePosition == bytePosition) {
            return this;
        }
        var same = new MalformedMessageException(what, otherBytePosition);
        same.setStackTrace(getStackTrace());
        return same;
    }

    /** Where the message is wrong, counted in bytes from its start. */
    public int bytePosition() {
        return bytePosition;
    }
}
