package dev.cdcpipeline.syncer.deadletter;

import dev.cdcpipeline.platform.json.JsonObject;
import dev.cdcpipeline.syncer.plan.BadRecord;
import dev.cdcpipeline.syncer.write.ServerWords;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;

/** Makes the records of the dead-letter topic; their headers are {@link DeadLetterTopic}'s. */
final class Letter {
    private static final int SMALL = 64 << 10;

    /** Below it, it depends on the size of the batch how a record came to be refused. */
    private static final String APPLYING = "dev.cdcpipeline.syncer.consume.";

    private Letter() {}

    /** The record as it was, and where it came from. */
    static ProducerRecord<byte[], byte[]> whole(String topic, BadRecord bad, Instant now) {
        ConsumerRecord<byte[], byte[]> record = bad.record();
        var letter = new ProducerRecord<>(topic, record.key(), record.value());
        record.headers().forEach(letter.headers()::add);
        addOrigin(letter.headers(), bad, now);
        return letter;
    }

    /**
     * Instead of a record that the dead-letter topic does not take for its size: where it is, how
     * large it is, and why it cannot be applied.
     */
    static ProducerRecord<byte[], byte[]> notice(String topic, BadRecord bad, Instant now) {
        ConsumerRecord<byte[], byte[]> record = bad.record();
        int keyBytes = length(record.key());
        int valueBytes = length(record.value());
        int headerBytes = 0;
        for (Header header : record.headers()) {
            headerBytes += header.key().length() + length(header.value());
        }
        String value =
                new JsonObject()
                        .add("topic", record.topic())
                        .add("partition", record.partition())
                        .add("offset", record.offset())
                        .add("keyBytes", keyBytes)
                        .add("valueBytes", valueBytes)
                        .add("headerBytes", headerBytes)
                        .add("cause", cause(bad.cause()))
                        .toString();
        var letter =
                new ProducerRecord<>(
                        topic,
                        keyBytes <= SMALL ? record.key() : new byte[0],
                        value.getBytes(StandardCharsets.UTF_8));
        if (headerBytes <= SMALL) {
            record.headers().forEach(letter.headers()::add);
        }
        addOrigin(letter.headers(), bad, now);
        add(letter.headers(), DeadLetterTopic.LEFT_OUT, Integer.toString(valueBytes));
        return letter;
    }

    private static int length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    private static void addOrigin(Headers headers, BadRecord bad, Instant now) {
        ConsumerRecord<byte[], byte[]> record = bad.record();
        add(headers, DeadLetterTopic.TOPIC, record.topic());
        add(headers, DeadLetterTopic.PARTITION, Integer.toString(record.partition()));
        add(headers, DeadLetterTopic.OFFSET, Long.toString(record.offset()));
        if (record.timestamp() >= 0) {
            add(
                    headers,
                    DeadLetterTopic.TIMESTAMP,
                    Instant.ofEpochMilli(record.timestamp()).toString());
        }
        add(headers, DeadLetterTopic.CAUSE, cause(bad.cause()));
        if (bad.cause() instanceof SQLException sql && sql.getSQLState() != null) {
            add(headers, DeadLetterTopic.SQLSTATE, sql.getSQLState());
        }
        add(headers, DeadLetterTopic.STACK_HASH, stackHash(bad.cause()));
        add(headers, DeadLetterTopic.TIME, now.toString());
        add(headers, DeadLetterTopic.ATTEMPT, Integer.toString(bad.attempt()));
    }

    private static void add(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    /** Of PostgreSQL's words those that quote no value of the document. */
    static String cause(Exception cause) {
        return cause instanceof SQLException sql
                ? "PostgreSQL refuses it with " + ServerWords.of(sql)
                : cause.getClass().getSimpleName() + ": " + cause.getMessage();
    }

    private static String stackHash(Exception cause) {
        int hash = cause.getClass().getName().hashCode();
        if (cause instanceof SQLException sql && sql.getSQLState() != null) {
            hash = 31 * hash + sql.getSQLState().hashCode();
        }
        for (StackTraceElement element : cause.getStackTrace()) {
            if (element.getClassName().startsWith(APPLYING)) {
                break;
            }
            hash = 31 * hash + element.getClassName().hashCode();
            hash = 31 * hash + element.getMethodName().hashCode();
        }
        return Integer.toHexString(hash);
    }
}
