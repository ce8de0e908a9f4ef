package dev.cdcpipeline.syncer.app;

import dev.cdcpipeline.syncer.consume.GroupMembers;

import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * The properties of the Kafka clients: ours, then the operator's, then what must not be changed.
 */
final class KafkaProperties {
    private static final int FETCH_BYTES = 16 << 20;
    private static final int FETCH_WAIT_MILLIS = 50;
    private static final int ANSWER_MILLIS = 10_000;
    private static final int LETTER_BYTES = 256 << 20;
    private static final int AFTERLIFE_MARGIN_SECONDS = 3;

    private KafkaProperties() {}

    /**
     * Those of the consumer.
     *
     * @param queueBytes the memory for records that wait for a worker: what one partition brings at
     *     once must not fill it
     */
    static Map<String, Object> consumer(SourceSettings settings, long queueBytes) {
        var properties = new HashMap<String, Object>();
        properties.put(
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                CooperativeStickyAssignor.class.getName());
        // A killed instance holds its partitions for so long. Taking them from one that only hung
        // is harmless: the ledger refuses its batch (I4).
        properties.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, settings.maxPollRecords());
        properties.put(
                ConsumerConfig.METADATA_MAX_AGE_CONFIG,
                Math.toIntExact(settings.discoveryInterval().toMillis()));
        // Of a backlog, much of one partition at a time rather than a little of each: changes of
        // the same documents fold into fewer rows, and less waits in memory.
        properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, fetchBytes(queueBytes));
        properties.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, fetchBytes(queueBytes));
        // While the broker waits for news of some partitions, it is not asked about those that were
        // held back until then: half of a partition's room lasts longer than this.
        properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FETCH_WAIT_MILLIS);
        properties.put(ConsumerConfig.RECEIVE_BUFFER_CONFIG, 1 << 20);
        properties.putAll(settings.properties());
        properties.putAll(connection(settings));
        // An older Syncer is told by it: the two must not be in one group.
        properties.merge(
                ConsumerConfig.CLIENT_ID_CONFIG, GroupMembers.MARK, (id, mark) -> "" + id + mark);
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, settings.group());
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        // A topic that is not there yet is the Watcher's to make, with its partitions.
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        // What was aborted never was.
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        // The ledger says where to start. A place that Kafka does not have is never made up (I5).
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        return properties;
    }

    /** How much the consumer fetches at once from one broker: ours, or the operator's own. */
    static int fetchBytes(SyncerSettings settings) {
        Object effective =
                consumer(settings.kafka(), settings.queue().maxBytes().bytes())
                        .get(ConsumerConfig.FETCH_MAX_BYTES_CONFIG);
        return Integer.parseInt(String.valueOf(effective).strip());
    }

    /** How long a member that was killed is in the group, and a little longer. */
    static Duration afterlife(SyncerSettings settings) {
        Object session =
                consumer(settings.kafka(), settings.queue().maxBytes().bytes())
                        .get(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG);
        return Duration.ofMillis(Long.parseLong(String.valueOf(session).strip()))
                .plusSeconds(AFTERLIFE_MARGIN_SECONDS);
    }

    private static int fetchBytes(long queueBytes) {
        return (int) Math.min(FETCH_BYTES, queueBytes / 2);
    }

    /** What is not answered is asked again, by a retry that tells of it and that a stop ends. */
    static Map<String, Object> admin(SourceSettings settings) {
        var properties = connection(settings);
        if (!properties.containsKey(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG)) {
            properties.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, ANSWER_MILLIS);
            properties.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, ANSWER_MILLIS);
        }
        return properties;
    }

    static Map<String, Object> producer(SourceSettings settings) {
        var properties = new HashMap<String, Object>(connection(settings));
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 5);
        properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, ANSWER_MILLIS);
        if (!properties.containsKey(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG)) {
            properties.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, ANSWER_MILLIS);
            properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 2 * ANSWER_MILLIS);
        }
        // A letter is as large as the record was, and a little more.
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, LETTER_BYTES);
        properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, (long) LETTER_BYTES);
        return properties;
    }

    private static Map<String, Object> connection(SourceSettings settings) {
        var properties = new HashMap<String, Object>();
        properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
        properties.put(CommonClientConfigs.CLIENT_ID_CONFIG, settings.group());
        settings.properties()
                .forEach(
                        (name, value) -> {
                            if (isConnection(name)) {
                                properties.put(name, value);
                            }
                        });
        return properties;
    }

    /** Options of how to connect, which every client has. */
    private static boolean isConnection(String name) {
        return name.startsWith("security.")
                || name.startsWith("sasl.")
                || name.startsWith("ssl.")
                || name.startsWith("reconnect.")
                || name.startsWith("client.")
                || name.equals(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG);
    }
}
