package dev.cdcpipeline.model.wire;

import dev.cdcpipeline.model.json.JsonSink;

import java.nio.charset.StandardCharsets;

/**
 * JSON text in UTF-8, where it lies.
 *
 * @param array the array that it is in, not to be changed
 * @param start where it starts in it
 * @param end where it ends: the index after it
 */
@SuppressWarnings("ArrayRecordComponent") // slices are not compared, and a copy would cost
public record JsonSlice(byte[] array, int start, int end) implements RenderedDocument {

    /** A whole array. */
    public static JsonSlice of(byte[] json) {
        return new JsonSlice(json, 0, json.length);
    }

    @Override
    public int length() {
        return end - start;
    }

    @Override
    public void writeTo(JsonSink sink) {
        sink.write(array, start, length());
    }

    @Override
    public String text() {
        return new String(array, start, length(), StandardCharsets.UTF_8);
    }
}
