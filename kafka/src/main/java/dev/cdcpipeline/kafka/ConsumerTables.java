package dev.cdcpipeline.kafka;

import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The properties of consumers. */
final class ConsumerTables {
    private static final int FETCH_BYTES = 16 << 20;
    private static final int FETCH_WAIT_MILLIS = 50;
    private static final int ANSWER_MILLIS = 10_000;
    private static final int TAIL_BYTES = 1 << 20;

    private ConsumerTables() {}

    /**
     * The Syncer's consumer of change events, in its group.
     *
     * @param clientId how the member is known
     * @param maxPollRecords the most records that one poll returns
     * @param discoveryInterval how old metadata of topics may be
     * @param queueBytes the memory for records that wait for a worker: what one partition brings at
     *     once must not fill it
     */
    static ClientTable events(
            String group,
            String clientId,
            int maxPollRecords,
            Duration discoveryInterval,
            long queueBytes) {
        int fetchBytes = (int) Math.min(FETCH_BYTES, queueBytes / 2);
        var defaults = new HashMap<String, Object>();
        defaults.put(
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                CooperativeStickyAssignor.class.getName());
        // A killed instance holds its partitions for so long. Taking them from one that only hung
        // is harmless: the ledger refuses its batch (I4).
        defaults.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
        defaults.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, maxPollRecords);
        defaults.put(
                ConsumerConfig.METADATA_MAX_AGE_CONFIG,
                Math.toIntExact(discoveryInterval.toMillis()));
        // Of a backlog, much of one partition at a time rather than a little of each: changes of
        // the same documents fold into fewer rows, and less waits in memory.
        defaults.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, fetchBytes);
        defaults.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, fetchBytes);
        // While the broker waits for news of some partitions, it is not asked about those that were
        // held back until then: half of a partition's room lasts longer than this.
        defaults.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FETCH_WAIT_MILLIS);
        defaults.put(ConsumerConfig.RECEIVE_BUFFER_CONFIG, 1 << 20);
        var fixed = new HashMap<String, Object>();
        fixed.put(ConsumerConfig.CLIENT_ID_CONFIG, clientId);
        fixed.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        fixed.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        // A topic that is not there yet is the Watcher's to create, with its partitions.
        fixed.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        // What was aborted never was.
        fixed.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        // The ledger says where to start. A place that Kafka does not have is never made up (I5).
        fixed.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        return new ClientTable(ClientKind.CONSUMER, defaults, fixed);
    }

    /**
     * The rule for an operator's properties of the consumer of events: refused are those that are
     * fixed, those that would keep the consumer from being created, and those that are options.
     */
    static KafkaPropertyRule eventRule(String options) {
        return new KafkaPropertyRule(
                options + ".properties",
                ClientKind.CONSUMER.definition(),
                Set.of(
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                        ConsumerConfig.GROUP_PROTOCOL_CONFIG,
                        ConsumerConfig.GROUP_REMOTE_ASSIGNOR_CONFIG,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
                        ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG),
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        options + ".bootstrap-servers",
                        ConsumerConfig.GROUP_ID_CONFIG,
                        options + ".group",
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        options + ".max-poll-records",
                        ConsumerConfig.METADATA_MAX_AGE_CONFIG,
                        options + ".discovery-interval"));
    }

    /**
     * The Watcher's consumer of the last records in its topics, in no group. It takes in one record
     * at a time, however many large ones a compressed batch holds (I7).
     */
    static ClientTable tails(OperatorProperties operator) {
        int request = operator.requestTimeoutMillis().orElse(ANSWER_MILLIS);
        return new ClientTable(
                ClientKind.CONSUMER,
                Map.of(
                        CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG,
                        request,
                        CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        Math.max(request, ANSWER_MILLIS)),
                Map.of(
                        CommonClientConfigs.CLIENT_ID_CONFIG,
                        PublisherClients.CLIENT_ID + "-tails",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                        false,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_uncommitted",
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        1,
                        ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
                        TAIL_BYTES,
                        ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                        TAIL_BYTES / 16));
    }
}
