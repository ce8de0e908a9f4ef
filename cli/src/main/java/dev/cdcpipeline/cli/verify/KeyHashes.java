package dev.cdcpipeline.cli.verify;

import java.util.Arrays;

/** A set of row keys as 64-bit hashes, eight bytes each: a hundred million fit into a gigabyte. */
final class KeyHashes {

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private long[] hashes = new long[1_024];
    private int size;

    void add(String rowKey) {
        if (size == hashes.length) {
            hashes = Arrays.copyOf(hashes, size * 2);
        }
        hashes[size++] = hash(rowKey);
    }

    /** To be called after the last {@link #add} and before the first {@link #contains}. */
    void sort() {
        Arrays.sort(hashes, 0, size);
    }

    boolean contains(String rowKey) {
        return Arrays.binarySearch(hashes, 0, size, hash(rowKey)) >= 0;
    }

    /** FNV-1a over the UTF-16 units. */
    private static long hash(String text) {
        long hash = FNV_OFFSET;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * FNV_PRIME;
        }
        return hash;
    }
}
