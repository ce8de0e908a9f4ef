package dev.cdcpipeline.syncer.deadletter;

import dev.cdcpipeline.kafka.NewTopicSpec;
import dev.cdcpipeline.kafka.TopicAdmin;
import dev.cdcpipeline.syncer.plan.BadRecord;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A topic of dead letters: key, value and headers as they were, and more headers that say where the
 * record came from and why it is here. Thread-safe.
 */
public final class DeadLetterTopic implements DeadLetters {
    private static final Logger log = LoggerFactory.getLogger(DeadLetterTopic.class);

    /** Longer than the producer tries. */
    private static final int ANSWER_SECONDS = 150;

    private static final int LARGEST = 64 << 20;

    private final TopicAdmin admin;
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
            TopicAdmin admin,
            Producer<byte[], byte[]> producer,
            String topic,
            InstantSource clock) {
        this.admin = admin;
        this.producer = producer;
        this.topic = topic;
        this.clock = clock;
    }

    @Override
    public void send(List<BadRecord> bad) throws Exception {
        ensureTopic();
        try {
            List<BadRecord> tooLarge = sendAll(bad);
            for (BadRecord each : tooLarge) {
                sendAlone(Letter.notice(topic, each, clock.instant()));
            }
            bad.forEach(each -> report(each, tooLarge.contains(each)));
        } catch (Exception e) {
            exists = false; // perhaps somebody deleted it: look again before the next attempt
            throw e;
        }
    }

    /** Sends the letters and waits for all; returns those that are too large for the topic. */
    private List<BadRecord> sendAll(List<BadRecord> bad) throws Exception {
        var sent = new ArrayList<Future<RecordMetadata>>();
        for (BadRecord each : bad) {
            sent.add(producer.send(Letter.whole(topic, each, clock.instant())));
        }
        var tooLarge = new ArrayList<BadRecord>();
        for (int i = 0; i < sent.size(); i++) {
            Exception refused = refusal(sent.get(i));
            if (isForItsSize(refused)) {
                tooLarge.add(bad.get(i));
            } else if (refused != null) {
                throw refused;
            }
        }
        return tooLarge;
    }

    private void sendAlone(ProducerRecord<byte[], byte[]> notice) throws Exception {
        Future<RecordMetadata> sent = producer.send(notice);
        Exception refused = refusal(sent);
        if (refused != null) {
            throw isForItsSize(refused)
                    ? new UndeliverableLetterException(topic, refused)
                    : refused;
        }
    }

    private static boolean isForItsSize(@Nullable Exception refused) {
        return refused instanceof RecordTooLargeException
                || refused instanceof RecordBatchTooLargeException;
    }

    /** Why Kafka did not take a letter; null if it has it. */
    private static @Nullable Exception refusal(Future<RecordMetadata> sent)
            throws InterruptedException {
        try {
            sent.get(ANSWER_SECONDS, TimeUnit.SECONDS);
            return null;
        } catch (TimeoutException e) {
            return e; // the producer would have given up before, unless its thread has died
        } catch (ExecutionException e) {
            return e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    /** One that is missing is made with the cluster's own replicas, and room for any record. */
    private void ensureTopic() throws Exception {
        if (exists) {
            return;
        }
        // Asked first: who may not create topics may still use the one that is there.
        if (admin.find(topic).isEmpty()
                && admin.create(NewTopicSpec.ofDefaults(topic).withMaxMessageBytes(LARGEST))) {
            log.info("Created the topic {} for dead letters", topic);
        }
        exists = true;
    }

    private void report(BadRecord bad, boolean onlyNoticed) {
        ConsumerRecord<byte[], byte[]> record = bad.record();
        log.atWarn()
                .addKeyValue("topic", record.topic())
                .addKeyValue("partition", record.partition())
                .addKeyValue("offset", record.offset())
                .log(
                        "a record cannot be applied and is in {} now{}: {}",
                        topic,
                        onlyNoticed ? ", without its value, which that topic does not take" : "",
                        Letter.cause(bad.cause()));
    }
}
