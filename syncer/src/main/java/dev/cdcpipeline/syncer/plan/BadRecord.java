package dev.cdcpipeline.syncer.plan;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A record that cannot be applied for what it holds (I6).
 *
 * @param record the record
 * @param cause why
 */
public record BadRecord(ConsumerRecord<byte[], byte[]> record, Exception cause) {}
