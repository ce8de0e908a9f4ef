package dev.cdcpipeline.model.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Damages valid messages: flips, cuts, inserts, repeats, and parts of two joined. */
final class Mutation {

    private static final String[] WORDS = {
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\\",
        "\\u0000",
        "\\ud83d",
        "1e9",
        "-",
        "null",
        "{\"$",
        "{\"$oid\":\"",
        "{\"$date\":",
        "{\"$cdc.raw\":\"",
        "\"$scope\":{",
        "{\"$code\":\"",
        "{\"$regex\":\"a\",\"$options\":\"",
        "{\"$binary\":{\"base64\":\"",
        "{\"$numberLong\":\"",
        "{\"$timestamp\":{\"t\":",
        "{\"$dbPointer\":{\"$id\":",
        "NaN",
        "-Infinity",
        "\0",
        "\u00e9"
    };

    private final RandomGenerator random;
    private final List<byte[]> messages;

    Mutation(RandomGenerator random, List<byte[]> messages) {
        this.random = random;
        this.messages = messages;
    }

    byte[] next() {
        byte[] message = any().clone();
        int times = random.nextInt(1, 4);
        for (int i = 0; i < times; i++) {
            message = mutate(message);
        }
        boolean fixLength = message.length > 4 && random.nextInt(3) > 0 && message[0] != '{';
        if (fixLength) {
            ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN).putInt(0, message.length);
        }
        return message;
    }

    private byte[] any() {
        return messages.get(random.nextInt(messages.size()));
    }

    private byte[] mutate(byte[] message) {
        int at = random.nextInt(message.length + 1);
        return switch (random.nextInt(7)) {
            case 0 -> flipped(message, at, 1 << random.nextInt(8));
            case 1 -> flipped(message, at, random.nextInt(256));
            case 2 -> Arrays.copyOf(message, at);
            case 3 -> joined(message, at, new byte[] {(byte) random.nextInt(256)}, message, at);
            case 4 -> joined(message, at, word(), message, at);
            case 5 -> {
                byte[] other = any();
                yield joined(message, at, new byte[0], other, random.nextInt(other.length + 1));
            }
            default ->
                    joined(message, at, new byte[0], message, random.nextInt(message.length + 1));
        };
    }

    private byte[] word() {
        return WORDS[random.nextInt(WORDS.length)].getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] flipped(byte[] message, int at, int bits) {
        if (at < message.length) {
            message[at] ^= (byte) bits;
        }
        return message;
    }

    private static byte[] joined(byte[] head, int headEnd, byte[] middle, byte[] tail, int from) {
        return ByteBuffer.allocate(headEnd + middle.length + tail.length - from)
                .put(head, 0, headEnd)
                .put(middle)
                .put(tail, from, tail.length - from)
                .array();
    }

    /** The document {@code {"": <document>}}. */
    static byte[] enclose(byte[] document) {
        return ByteBuffer.allocate(document.length + 7)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(document.length + 7)
                .put((byte) 3)
                .put((byte) 0)
                .put(document)
                .put((byte) 0)
                .array();
    }
}
