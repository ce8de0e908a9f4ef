package dev.cdcpipeline.kafka;

import dev.cdcpipeline.model.wire.DeadLetter;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Dead letters as records of their topic. */
public final class DeadLetterRecords {
    /** A key, or headers, above this size are left out of a notice, which must fit everywhere. */
    private static final int SMALL = 64 << 10;

    private DeadLetterRecords() {}

    /**
     * The record as it was, and where it came from.
     *
     * @param topic the topic of the dead letters
     * @param headers those of the record
     */
    public static ProducerRecord<byte[], byte[]> whole(
            String topic, byte[] key, byte[] value, Headers headers, DeadLetter letter) {
        var record = new ProducerRecord<>(topic, key, value);
        headers.forEach(record.headers()::add);
        add(record.headers(), letter.headers());
        return record;
    }

    /**
     * A notice in place of a record that is too large: which one it is, its size, and the cause.
     *
     * @param topic the topic of the dead letters
     * @param key that of the record
     * @param valueBytes the size of its value
     * @param headers those of the record
     */
    public static ProducerRecord<byte[], byte[]> notice(
            String topic, byte[] key, int valueBytes, Headers headers, DeadLetter letter) {
        int keyBytes = length(key);
        int headerBytes = 0;
        for (Header header : headers) {
            headerBytes += header.key().length() + length(header.value());
        }
        var sizes = new DeadLetter.Sizes(keyBytes, valueBytes, headerBytes);
        byte[] value = letter.notice(sizes).getBytes(StandardCharsets.UTF_8);
        var record = new ProducerRecord<>(topic, keyBytes <= SMALL ? key : new byte[0], value);
        if (headerBytes <= SMALL) {
            headers.forEach(record.headers()::add);
        }
        add(record.headers(), letter.headers(sizes));
        return record;
    }

    private static int length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    private static void add(Headers headers, Map<String, String> added) {
        added.forEach((name, value) -> headers.add(name, value.getBytes(StandardCharsets.UTF_8)));
    }
}
