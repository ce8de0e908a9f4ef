package dev.cdcpipeline.syncer.support;

import dev.cdcpipeline.embedded.KafkaBroker;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

import java.util.Map;
import java.util.UUID;

/** Writes in transactions, as Kafka Connect does where it is set to exactly once. */
public final class TransactionalProducer implements AutoCloseable {
    private final KafkaProducer<String, String> producer;

    /** A producer with a transactional id of its own. */
    public TransactionalProducer(KafkaBroker broker) {
        this.producer =
                new KafkaProducer<>(
                        Map.of(
                                "bootstrap.servers",
                                broker.bootstrapServers(),
                                "transactional.id",
                                UUID.randomUUID().toString()),
                        new StringSerializer(),
                        new StringSerializer());
        producer.initTransactions();
    }

    /** A transaction of one record. */
    public void commit(String topic, String key, String value) {
        producer.beginTransaction();
        var _ = producer.send(new ProducerRecord<>(topic, key, value));
        producer.commitTransaction();
    }

    /** A transaction of one record that stays open, until {@link #commit()}. */
    public void open(String topic, String key, String value) {
        producer.beginTransaction();
        var _ = producer.send(new ProducerRecord<>(topic, key, value));
        producer.flush();
    }

    /** Commits the open transaction. */
    public void commit() {
        producer.commitTransaction();
    }

    /** A transaction of one record that comes to nothing, after Kafka has the record. */
    public void abort(String topic, String key, String value) {
        producer.beginTransaction();
        var _ = producer.send(new ProducerRecord<>(topic, key, value));
        producer.flush();
        producer.abortTransaction();
    }

    @Override
    public void close() {
        producer.close();
    }
}
