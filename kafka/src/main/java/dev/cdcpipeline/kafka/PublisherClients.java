package dev.cdcpipeline.kafka;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/**
 * The clients of the service that publishes change events. Its operator's properties are those of
 * the producer.
 *
 * @param settings how to reach Kafka
 * @param maxRequestBytes the largest record, uncompressed
 */
public record PublisherClients(KafkaSettings settings, int maxRequestBytes)
        implements KafkaClients {
    static final String CLIENT_ID = "cdc-watcher";

    /**
     * Returns the rule that the operator's properties must keep.
     *
     * @param options where the service's Kafka options are, {@code watcher.kafka}
     */
    public static KafkaPropertyRule rule(String options) {
        return ProducerTables.eventRule(options);
    }

    /** Creates a producer of events. */
    public Producer<byte[], byte[]> producer() {
        return new KafkaProducer<>(
                producerProperties(), new ByteArraySerializer(), new ByteArraySerializer());
    }

    /**
     * Returns the largest record, uncompressed, that the producer takes: the operator's properties
     * may say less than {@link #maxRequestBytes}.
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

    /** Creates a consumer of the last records that were published. */
    public Consumer<byte[], byte[]> tailConsumer() {
        return new KafkaConsumer<>(
                tailProperties(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public KafkaAdmin admin() {
        return new KafkaAdmin(Admin.create(properties(adminTable())));
    }

    @Override
    public KafkaAdmin admin(Duration limit) {
        return new KafkaAdmin(Admin.create(properties(AdminTables.impatient(adminTable(), limit))));
    }

    @Override
    public void tryOut() {
        producer().close(Duration.ZERO);
        tailConsumer().close(CloseOptions.timeout(Duration.ZERO));
    }

    Map<String, Object> producerProperties() {
        return properties(ProducerTables.events(maxRequestBytes));
    }

    Map<String, Object> tailProperties() {
        return properties(ConsumerTables.tails(operator()));
    }

    private ClientTable adminTable() {
        return AdminTables.service(CLIENT_ID, operator());
    }

    private Map<String, Object> properties(ClientTable table) {
        return table.properties(settings.bootstrapServers(), operator());
    }

    private OperatorProperties operator() {
        return new OperatorProperties(settings.properties(), ClientKind.PRODUCER);
    }
}
