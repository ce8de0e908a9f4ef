package dev.cdcpipeline.syncer.deadletter;

import dev.cdcpipeline.kafka.DeadLetterRecords;
import dev.cdcpipeline.model.wire.DeadLetter;
import dev.cdcpipeline.syncer.plan.BadRecord;
import dev.cdcpipeline.syncer.write.ServerWords;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

import java.sql.SQLException;
import java.time.Instant;

/** Makes the records of the dead-letter topic; see {@link DeadLetter}. */
final class Letter {
    /** Below it, it depends on the size of the batch how a record came to be refused. */
    private static final String APPLYING = "dev.cdcpipeline.syncer.consume.";

    private Letter() {}

    /** The record as it was, and where it came from. */
    static ProducerRecord<byte[], byte[]> whole(String topic, BadRecord bad, Instant now) {
        ConsumerRecord<byte[], byte[]> record = bad.record();
        return DeadLetterRecords.whole(
                topic, record.key(), record.value(), record.headers(), of(bad, now));
    }

    /**
     * Instead of a record that the dead-letter topic does not take for its size: where it is, how
     * large it is, and why it cannot be applied.
     */
    static ProducerRecord<byte[], byte[]> notice(String topic, BadRecord bad, Instant now) {
        ConsumerRecord<byte[], byte[]> record = bad.record();
        byte[] value = record.value();
        return DeadLetterRecords.notice(
                topic,
                record.key(),
                value == null ? 0 : value.length,
                record.headers(),
                of(bad, now));
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
