package dev.cdcpipeline.syncer.plan;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Where a record is.
 *
 * @param topic the topic's name
 * @param partition the partition's number
 * @param offset the offset in it
 */
public record RecordId(String topic, int partition, long offset) {

    /** Where this record is. */
    public static RecordId of(ConsumerRecord<?, ?> record) {
        return new RecordId(record.topic(), record.partition(), record.offset());
    }
}
