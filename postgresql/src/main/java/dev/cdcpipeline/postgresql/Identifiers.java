package dev.cdcpipeline.postgresql;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Names of PostgreSQL objects: always quoted, never longer than the server keeps.
 *
 * <p>PostgreSQL cuts a longer name at 63 bytes without an error, so that two long names could
 * silently become one table. A name that does not fit is therefore shortened here and ends in a
 * hash of the whole.
 */
public final class Identifiers {
    private static final int MAX_BYTES = 63;
    private static final int HASH_DIGITS = 10;

    private Identifiers() {}

    /**
     * The name as it is if PostgreSQL can keep it, else its beginning, an underscore and ten hex
     * digits of its SHA-256. A name that holds NUL, which no identifier may, is treated like a long
     * one, with the NULs left out.
     *
     * @throws IllegalArgumentException if the name is empty
     */
    public static String fit(String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a name in PostgreSQL cannot be empty");
        }
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        boolean nul = name.indexOf('\0') >= 0;
        if (bytes.length <= MAX_BYTES && !nul) {
            return name;
        }
        String head = nul ? name.replace("\0", "") : name;
        return beginning(head, MAX_BYTES - HASH_DIGITS - 1) + "_" + hash(bytes);
    }

    /** The name between double quotes, with its own doubled. */
    public static String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    private static String beginning(String name, int maxBytes) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        int end = Math.min(maxBytes, bytes.length);
        while (end > 0 && end < bytes.length && (bytes[end] & 0xC0) == 0x80) {
            end--; // not within a character
        }
        return new String(Arrays.copyOf(bytes, end), StandardCharsets.UTF_8);
    }

    private static String hash(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(digest).substring(0, HASH_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
