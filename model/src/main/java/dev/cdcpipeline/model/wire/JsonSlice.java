package dev.cdcpipeline.model.wire;

import java.nio.charset.StandardCharsets;

/**
 * JSON text in UTF-8, where it lies.
 *
 * @param array the array that it is in, not to be changed
 * @param start where it starts in it
 * @param end where it ends: the index after it
 */
@SuppressWarnings("ArrayRecordComponent") // slices are not compared, and a copy would cost
public record JsonSlice(byte[] array, int start, int end) {

    /** A whole array. */
    public static JsonSlice of(byte[] json) {
        return new JsonSlice(json, 0, json.length);
    }

    /** So many bytes. */
    public int length() {
        return end - start;
    }

    /** The text, decoded. */
    public String text() {
        return new String(array, start, length(), StandardCharsets.UTF_8);
    }
}
