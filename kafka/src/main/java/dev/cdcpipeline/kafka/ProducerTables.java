package dev.cdcpipeline.kafka;

import org.apache.kafka.clients.producer.ProducerConfig;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The properties of producers. */
final class ProducerTables {
    private static final int ANSWER_MILLIS = 10_000;
    private static final int LETTER_BYTES = 256 << 20;

    private ProducerTables() {}

    /**
     * The producer of change events.
     *
     * <p>What the guarantees rest on is fixed: idempotence and acks=all keep a partition's records
     * in order and durable, and a record never expires in the client ({@code delivery.timeout.ms}),
     * because the producer would go on with the records after it, and the Syncer would then take
     * the late record for one it has seen (I1, I2). The key alone chooses the partition, so that
     * all events of a document are in one.
     *
     * <p>One request at a time goes to each broker. With more, the first batch of a partition may
     * fail (its leader has just moved, its topic was just created) while the second one succeeds: a
     * broker that does not know the producer yet takes any sequence number as its first. The order
     * is then broken, and the first batch is refused for ever.
     *
     * @param maxRequestBytes the largest record, uncompressed
     */
    static ClientTable events(int maxRequestBytes) {
        return new ClientTable(
                ClientKind.PRODUCER,
                Map.of(
                        ProducerConfig.CLIENT_ID_CONFIG,
                        PublisherClients.CLIENT_ID,
                        ProducerConfig.LINGER_MS_CONFIG,
                        5,
                        ProducerConfig.BATCH_SIZE_CONFIG,
                        256 * 1024,
                        // zstd packed a third smaller, for about the CPU time of all the rest
                        // (docs/performance.md).
                        ProducerConfig.COMPRESSION_TYPE_CONFIG,
                        "lz4",
                        ProducerConfig.BUFFER_MEMORY_CONFIG,
                        maxRequestBytes + 32L * 1024 * 1024,
                        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                        maxRequestBytes,
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        10_000,
                        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                        15_000),
                Map.of(
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                        true,
                        ProducerConfig.RETRIES_CONFIG,
                        Integer.MAX_VALUE,
                        ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
                        1,
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                        Integer.MAX_VALUE,
                        ProducerConfig.PARTITIONER_IGNORE_KEYS_CONFIG,
                        false));
    }

    /** The rule for an operator's properties of the producer of events. */
    static KafkaPropertyRule eventRule(String options) {
        return new KafkaPropertyRule(
                options + ".properties",
                ClientKind.PRODUCER.definition(),
                Set.of(
                        ProducerConfig.ACKS_CONFIG,
                        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                        ProducerConfig.RETRIES_CONFIG,
                        ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                        ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
                        ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
                        ProducerConfig.PARTITIONER_CLASS_CONFIG,
                        ProducerConfig.PARTITIONER_IGNORE_KEYS_CONFIG),
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, options + ".bootstrap-servers"));
    }

    /** The producer of the Syncer's dead letters: rare, durable, and not waited for too long. */
    static ClientTable deadLetters(String clientId, OperatorProperties operator) {
        Map<String, Object> defaults = new HashMap<>();
        defaults.put(ProducerConfig.CLIENT_ID_CONFIG, clientId);
        if (operator.requestTimeoutMillis().isEmpty()) {
            defaults.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, ANSWER_MILLIS);
            defaults.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 2 * ANSWER_MILLIS);
        }
        return new ClientTable(
                ClientKind.PRODUCER,
                defaults,
                Map.of(
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                        true,
                        ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
                        5,
                        ProducerConfig.COMPRESSION_TYPE_CONFIG,
                        "lz4",
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        ANSWER_MILLIS,
                        // A letter is as large as the record was, and a little more.
                        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                        LETTER_BYTES,
                        ProducerConfig.BUFFER_MEMORY_CONFIG,
                        (long) LETTER_BYTES));
    }
}
