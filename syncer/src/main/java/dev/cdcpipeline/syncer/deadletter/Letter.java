package dev.cdcpipeline.syncer.deadletter;

import dev.cdcpipeline.model.wire.DeadLetter;
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
import java.util.Map;

/** Makes the records of the dead-letter topic; see {@link DeadLetter}. */
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
        add(letter.headers(), of(bad, now).headers());
        return letter;
    }

    /**
     * Instead of a record that the dead-letter topic does not take for its size: where it is, how
     * large it is, and why it cannot be applied.
     */
    static ProducerRecord<byte[], byte[]> notice(String topic, BadRecord bad, Instant now) {
        ConsumerRecord<byte[], byte[]> record = bad.record();
        DeadLetter.Sizes sizes = sizes(record);
        DeadLetter letter = of(bad, now);
        var notice =
                new ProducerRecord<>(
                        topic,
                        sizes.keyBytes() <= SMALL ? record.key() : new byte[0],
                        letter.notice(sizes).getBytes(StandardCharsets.UTF_8));
        if (sizes.headerBytes() <= SMALL) {
            record.headers().forEach(notice.headers()::add);
        }
        add(notice.headers(), letter.headers(sizes));
        return notice;
    }

    private static DeadLetter.Sizes sizes(ConsumerRecord<byte[], byte[]> record) {
        int headerBytes = 0;
        for (Header header : record.headers()) {
            headerBytes += header.key().length() + length(header.value());
        }
        return new DeadLetter.Sizes(length(record.key()), length(record.value()), headerBytes);
    }

    private static int length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    private static DeadLetter of(BadRecord bad, Instant now) {
        ConsumerRecord<byte[], byte[]> record = bad.record();
        String sqlState = bad.cause() instanceof SQLException sql ? sql.getSQLState() : null;
        return new DeadLetter(
                new DeadLetter.Origin.Consumed(
                        record.topic(),
                        record.partition(),
                        record.offset(),
                        record.timestamp() < 0 ? null : Instant.ofEpochMilli(record.timestamp())),
                new DeadLetter.Cause(cause(bad.cause()), sqlState, stackHash(bad.cause())),
                now,
                bad.attempt());
    }

    private static void add(Headers headers, Map<String, String> added) {
        added.forEach((name, value) -> headers.add(name, value.getBytes(StandardCharsets.UTF_8)));
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
