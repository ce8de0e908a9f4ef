package dev.cdcpipeline.kafka;

import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;

import java.time.Duration;
import java.util.Map;

/**
 * The clients of the service that applies change events. Its operator's properties are those of the
 * consumer.
 *
 * @param settings how to reach Kafka
 * @param group the consumer group
 * @param maxPollRecords the most records that one poll returns
 * @param discoveryInterval how old metadata of topics may be
 * @param queueBytes the memory for records that wait for a worker
 */
public record ApplierClients(
        KafkaSettings settings,
        String group,
        int maxPollRecords,
        Duration discoveryInterval,
        long queueBytes)
        implements KafkaClients {

    /**
     * The end of the client id of each consumer whose rows go by the canonical key. An older Syncer
     * lacks it: the two must not be in one group.
     */
    public static final String MEMBER_MARK = "-canonical";

    private static final int AFTERLIFE_MARGIN_SECONDS = 3;

    /**
     * Returns the rule that the operator's properties must keep.
     *
     * @param options where the service's Kafka options are, {@code syncer.kafka}
     */
    public static KafkaPropertyRule rule(String options) {
        return ConsumerTables.eventRule(options);
    }

    /** Creates the consumer of events. */
    public <K, V> Consumer<K, V> consumer(Deserializer<K> keys, Deserializer<V> values) {
        return new KafkaConsumer<>(consumerProperties(), keys, values);
    }

    /** Returns how much the consumer fetches at once from one broker. */
    public int fetchBytes() {
        return number(ConsumerConfig.FETCH_MAX_BYTES_CONFIG);
    }

    /** Returns how long a member that was killed stays in the group, and a little longer. */
    public Duration afterlife() {
        return Duration.ofMillis(number(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG))
                .plusSeconds(AFTERLIFE_MARGIN_SECONDS);
    }

    private int number(String consumerProperty) {
        return Integer.parseInt(String.valueOf(consumerProperties().get(consumerProperty)).strip());
    }

    /** Creates the producer of dead letters. */
    public Producer<byte[], byte[]> deadLetterProducer() {
        return new KafkaProducer<>(
                deadLetterProperties(), new ByteArraySerializer(), new ByteArraySerializer());
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
        consumer(new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .close(CloseOptions.timeout(Duration.ZERO));
        deadLetterProducer().close(Duration.ZERO);
    }

    Map<String, Object> consumerProperties() {
        String clientId =
                settings.properties().getOrDefault(CommonClientConfigs.CLIENT_ID_CONFIG, group);
        return properties(
                ConsumerTables.events(
                        group,
                        clientId + MEMBER_MARK,
                        maxPollRecords,
                        discoveryInterval,
                        queueBytes));
    }

    Map<String, Object> deadLetterProperties() {
        return properties(ProducerTables.deadLetters(group, operator()));
    }

    private ClientTable adminTable() {
        return AdminTables.service(group, operator());
    }

    private Map<String, Object> properties(ClientTable table) {
        return table.properties(settings.bootstrapServers(), operator());
    }

    private OperatorProperties operator() {
        return new OperatorProperties(settings.properties(), ClientKind.CONSUMER);
    }
}
