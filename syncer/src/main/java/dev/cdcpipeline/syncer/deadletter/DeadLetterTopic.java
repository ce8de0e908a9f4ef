package dev.cdcpipeline.syncer.deadletter;

import dev.cdcpipeline.syncer.plan.BadRecord;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.header.Headers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/**
 * A topic of dead letters: key, value and headers as they were, and more headers that say where the
 * record came from and why it is here. Thread-safe.
 */
public final class DeadLetterTopic implements DeadLetters {
    private static final Logger log = LoggerFactory.getLogger(DeadLetterTopic.class);

    private static final String LARGEST = Integer.toString(64 << 20);

    /** The topic the record was in. */
    public static final String TOPIC = "cdc.dlq.topic";

    /** The partition it was in. */
    public static final String PARTITION = "cdc.dlq.partition";

    /** Its offset there. */
    public static final String OFFSET = "cdc.dlq.offset";

    /** The type of the exception and what it says; never a value of the document. */
    public static final String CAUSE = "cdc.dlq.cause";

    /** PostgreSQL's SQLSTATE, if it was PostgreSQL that refused the record. */
    public static final String SQLSTATE = "cdc.dlq.sqlstate";

    /** A hash of where in the code the exception came from: equal for equal causes. */
    public static final String STACK_HASH = "cdc.dlq.stack-hash";

    /** When it was set aside, as an ISO-8601 instant. */
    public static final String TIME = "cdc.dlq.time";

    private final Admin admin;
    private final Producer<byte[], byte[]> producer;
    private final String topic;
    private final InstantSource clock;
    private volatile boolean exists;

    /**
     * @param admin creates the topic when it is missing
     * @param producer with acks=all
     * @param topic the topic of the dead letters
     * @param clock the time
     */
    public DeadLetterTopic(
            Admin admin, Producer<byte[], byte[]> producer, String topic, InstantSource clock) {
        this.admin = admin;
        this.producer = producer;
        this.topic = topic;
        this.clock = clock;
    }

    @Override
    public void send(List<BadRecord> bad) throws Exception {
        createTopic();
        var sent = new ArrayList<Future<RecordMetadata>>();
        for (BadRecord each : bad) {
            sent.add(producer.send(letter(each)));
        }
        producer.flush();
        for (Future<RecordMetadata> each : sent) {
            acknowledged(each);
        }
        bad.forEach(this::report);
    }

    /** With the cluster's own number of partitions and replicas, and room for any record. */
    private void createTopic() throws Exception {
        if (exists) {
            return;
        }
        try {
            var description =
                    new NewTopic(topic, Optional.empty(), Optional.empty())
                            .configs(Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, LARGEST));
            admin.createTopics(List.of(description)).all().get();
            log.info("Created the topic {} for dead letters", topic);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
        exists = true;
    }

    private static void acknowledged(Future<RecordMetadata> sent) throws Exception {
        try {
            sent.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    private void report(BadRecord bad) {
        ConsumerRecord<byte[], byte[]> record = bad.record();
        log.warn(
                "{}-{}@{} cannot be applied and is in {} now: {}",
                record.topic(),
                record.partition(),
                record.offset(),
                topic,
                cause(bad.cause()));
    }

    private ProducerRecord<byte[], byte[]> letter(BadRecord bad) {
        ConsumerRecord<byte[], byte[]> record = bad.record();
        var letter = new ProducerRecord<>(topic, record.key(), record.value());
        record.headers().forEach(letter.headers()::add);
        add(letter.headers(), TOPIC, record.topic());
        add(letter.headers(), PARTITION, Integer.toString(record.partition()));
        add(letter.headers(), OFFSET, Long.toString(record.offset()));
        add(letter.headers(), CAUSE, cause(bad.cause()));
        if (bad.cause() instanceof SQLException sql && sql.getSQLState() != null) {
            add(letter.headers(), SQLSTATE, sql.getSQLState());
        }
        add(letter.headers(), STACK_HASH, stackHash(bad.cause()));
        add(letter.headers(), TIME, clock.instant().toString());
        return letter;
    }

    private static void add(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    /** PostgreSQL's own words may quote the document, so its SQLSTATE has to do. */
    private static String cause(Exception cause) {
        return cause instanceof SQLException sql
                ? "PostgreSQL refuses it with SQLSTATE " + sql.getSQLState()
                : cause.getClass().getSimpleName() + ": " + cause.getMessage();
    }

    private static String stackHash(Exception cause) {
        int hash = cause.getClass().getName().hashCode();
        for (StackTraceElement element : cause.getStackTrace()) {
            hash = 31 * hash + element.getClassName().hashCode();
            hash = 31 * hash + element.getMethodName().hashCode();
        }
        return Integer.toHexString(hash);
    }
}
