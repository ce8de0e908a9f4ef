package dev.cdcpipeline.syncer.plan;

/**
 * An array for the bytes of records, of which the {@link RecordBlocks} use some again and again.
 * Whoever has records in it says for which use, so that nobody reads the bytes of later ones. Not
 * thread-safe: it has one owner after the other.
 */
final class Block {
    private final byte[] bytes;
    private int use;

    Block(int size) {
        this.bytes = new byte[size];
    }

    int size() {
        return bytes.length;
    }

    /** The use that it is in. */
    int use() {
        return use;
    }

    /**
     * The array.
     *
     * @throws IllegalStateException when that use has ended
     */
    byte[] bytes(int ofUse) {
        if (ofUse != use) {
            throw new IllegalStateException("These records were released: others lie there now.");
        }
        return bytes;
    }

    /**
     * Ends a use.
     *
     * @throws IllegalStateException when that use has ended
     */
    void end(int thatUse) {
        bytes(thatUse);
        use++;
    }
}
