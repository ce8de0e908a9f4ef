package dev.cdcpipeline.watcher.publish;

import dev.cdcpipeline.platform.kafka.BootstrapServers;

import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * How the clients of Kafka are made.
 *
 * <p>What the guarantees rest on is fixed: idempotence and acks=all keep a partition's records in
 * order and durable, and a record never expires in the client ({@code delivery.timeout.ms}),
 * because the producer would go on with the records after it, and the Syncer would then take the
 * late record for one it has seen (I1, I2). The key alone chooses the partition, so that all events
 * of a document are in one.
 *
 * <p>One request at a time goes to each broker. With more, the first batch of a partition may fail
 * (its leader has just moved, its topic was just created) while the second one succeeds: a broker
 * that does not know the producer yet takes any sequence number as its first. The order is then
 * broken, and the first batch is refused for ever.
 *
 * @param bootstrapServers brokers to start from
 * @param properties the operator's own properties
 * @param maxRequestBytes the largest record, uncompressed
 */
public record ProducerSettings(
        String bootstrapServers, Map<String, String> properties, int maxRequestBytes) {
    private static final int ANSWER_MILLIS = 10_000;
    private static final int TAIL_BYTES = 1 << 20;

    /** Names of properties that an operator must not change. */
    public static final Set<String> FIXED =
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
                    ProducerConfig.PARTITIONER_IGNORE_KEYS_CONFIG);

    /**
     * Asks for what a client needs to be made.
     *
     * @throws UnknownHostException if no broker's name has an address now
     */
    public void requireAddress() throws UnknownHostException {
        new BootstrapServers(bootstrapServers).requireAddress();
    }

    /** Makes a producer. */
    public Producer<byte[], byte[]> producer() {
        return new KafkaProducer<>(
                producerProperties(), new ByteArraySerializer(), new ByteArraySerializer());
    }

    /**
     * The largest record, uncompressed, that a producer of these settings takes: the operator's
     * properties may say less than {@link #maxRequestBytes}.
     */
    public int largestRecord() {
        Map<String, Object> all = producerProperties();
        long request = number(all, ProducerConfig.MAX_REQUEST_SIZE_CONFIG);
        long buffer = number(all, ProducerConfig.BUFFER_MEMORY_CONFIG);
        return Math.toIntExact(Math.min(request, buffer));
    }

    private static long number(Map<String, Object> all, String name) {
        Object value = ConfigDef.parseType(name, all.get(name), ConfigDef.Type.LONG);
        return (Long) Objects.requireNonNull(value);
    }

    /** Makes an admin client. */
    public Admin admin() {
        Map<String, Object> all = new HashMap<>(properties);
        all.keySet().removeIf(name -> !AdminClientConfig.configNames().contains(name));
        all.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        // What is not answered is asked again, by a retry that a stop ends.
        all.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, ANSWER_MILLIS);
        all.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, ANSWER_MILLIS);
        return Admin.create(all);
    }

    /**
     * Makes a consumer that belongs to no group. It takes in one record at a time, however many
     * large ones a compressed batch holds (I7).
     */
    public Consumer<byte[], byte[]> consumer() {
        Map<String, Object> all = new HashMap<>(properties);
        all.keySet().removeIf(name -> !ConsumerConfig.configNames().contains(name));
        all.remove(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG); // Those are the producer's.
        all.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        all.put(CommonClientConfigs.CLIENT_ID_CONFIG, "cdc-watcher-tails");
        all.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, ANSWER_MILLIS);
        all.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, ANSWER_MILLIS);
        all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        all.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        all.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
        all.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
        all.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, TAIL_BYTES);
        all.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, TAIL_BYTES / 16);
        return new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private Map<String, Object> producerProperties() {
        Map<String, Object> all = new HashMap<>();
        all.put(ProducerConfig.CLIENT_ID_CONFIG, "cdc-watcher");
        all.put(ProducerConfig.LINGER_MS_CONFIG, 5);
        all.put(ProducerConfig.BATCH_SIZE_CONFIG, 256 * 1024);
        // zstd packed a third smaller, for about the CPU time of all the rest
        // (docs/performance.md).
        all.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        all.put(ProducerConfig.BUFFER_MEMORY_CONFIG, maxRequestBytes + 32L * 1024 * 1024);
        all.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, maxRequestBytes);
        all.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
        all.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 15_000);
        all.putAll(properties);
        all.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        all.put(ProducerConfig.ACKS_CONFIG, "all");
        all.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        all.put(ProducerConfig.RETRIES_CONFIG, Integer.MAX_VALUE);
        all.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        all.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE);
        all.put(ProducerConfig.PARTITIONER_IGNORE_KEYS_CONFIG, false);
        return all;
    }
}
