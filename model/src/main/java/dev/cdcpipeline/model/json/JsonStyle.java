package dev.cdcpipeline.model.json;

/** How the values of BSON look in JSON; {@link DocumentWriter} does what holds others. */
sealed interface JsonStyle permits ExtendedStyle, PlainStyle {

    /**
     * Puts a value that is no document, array or code with scope. Its frame has been checked.
     *
     * @return false, and nothing is put, when the style cannot say the value, and {@link #putRaw}
     *     shall
     */
    boolean put(JsonBuffer out, byte type, byte[] bytes, int at, int end);

    /** Puts a string in the style's way; false, and nothing is put, when it cannot. */
    boolean putString(JsonBuffer out, byte[] bytes, int at, int end);

    /** Puts what stands for a value that the style cannot say. */
    void putRaw(JsonBuffer out, byte type, byte[] bytes, int at, int end);

    /**
     * Does a document with a field of this name look like something else in this style? Asked for
     * names that start with a dollar sign.
     */
    boolean reserves(byte[] bytes, int nameStart, int nameEnd);

    /** Must an array whose names do not count up from 0 be written raw, so as to keep them? */
    boolean keepsArrayNames();

    /** What comes before the code of code with scope. */
    byte[] beforeCode();

    /** What comes between the code and its scope. */
    byte[] beforeScope();
}
