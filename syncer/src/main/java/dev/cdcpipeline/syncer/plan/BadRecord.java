package dev.cdcpipeline.syncer.plan;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A record that cannot be applied for what it holds (I6).
 *
 * @param record the record
 * @param cause why
 * @param attempt how many batches it was in until it was alone: 1 if it was found when it was read
 */
public record BadRecord(ConsumerRecord<byte[], byte[]> record, Exception cause, int attempt) {

    /** A record that was found bad at the first look. */
    public BadRecord(ConsumerRecord<byte[], byte[]> record, Exception cause) {
        this(record, cause, 1);
    }
}
