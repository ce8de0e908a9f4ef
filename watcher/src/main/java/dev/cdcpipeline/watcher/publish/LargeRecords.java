package dev.cdcpipeline.watcher.publish;

import dev.cdcpipeline.kafka.DeadLetterRecords;
import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.model.Position;
import dev.cdcpipeline.model.wire.DeadLetter;
import dev.cdcpipeline.platform.failure.ExplainedException;
import dev.cdcpipeline.platform.retry.Retry;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;

import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Records over their topic's limit before compression, or over the producer's own: Kafka alone can
 * say whether one fits. Each is sent alone, and when Kafka does not take it, the policy decides; it
 * is never skipped in silence (I5, I6).
 */
public final class LargeRecords {
    /** Key, offsets and headers in a batch of one record take less than this. */
    private static final int RECORD_OVERHEAD = 512;

    private final int producerLimit;
    private final TooLarge policy;
    private final String deadLetterTopic;
    private final Topics topics;
    private final SendRetry retry;
    private final PublishListener listener;
    private final InstantSource clock = InstantSource.system();

    /**
     * A record that may be too large.
     *
     * @param namespace its collection
     * @param position its place in the stream
     * @param record the record; without its value if that was not made, as it is over every limit
     * @param bytes what key and value take
     * @param bsonBytes what they take as BSON
     */
    record Large(
            Namespace namespace,
            Position position,
            ProducerRecord<byte[], byte[]> record,
            int bytes,
            int bsonBytes) {}

    /**
     * Large records under a policy.
     *
     * @param producerLimit the largest record that the producer takes, before compression
     * @param policy what is done with those that Kafka does not take
     * @param deadLetterTopic is told of them, if that is the policy
     * @param topics makes that topic
     * @param retry for what may pass
     * @param listener hears of every dead letter
     */
    public LargeRecords(
            int producerLimit,
            TooLarge policy,
            String deadLetterTopic,
            Topics topics,
            Retry retry,
            PublishListener listener) {
        this.producerLimit = producerLimit;
        this.policy = policy;
        this.deadLetterTopic = deadLetterTopic;
        this.topics = topics;
        this.retry = new SendRetry(retry);
        this.listener = listener;
    }

    /** Whether a record of so many bytes may be too large for its topic or for the producer. */
    boolean mayInclude(int bytes, Route route) {
        return bytes + RECORD_OVERHEAD > Math.min(route.maxMessageBytes(), producerLimit);
    }

    /** Whether the producer surely takes no record whose key and value have so many bytes. */
    boolean mustRefuse(long bytes) {
        return bytes > producerLimit;
    }

    /**
     * Follows the policy for a record that {@link #mustRefuse must be refused}, and so was not
     * made: it may be too large for the heap, too (I7). Returns when the outcome is durable.
     *
     * @throws PublishException when an earlier record failed
     */
    void refuse(Outbox outbox, Large large) throws Exception {
        outbox.awaitQuiet();
        var refused = new RecordTooLargeException("larger than max.request.size");
        retry.run(() -> follow(outbox, large, refused));
    }

    /**
     * Sends a record, or follows the policy; returns when the outcome is durable.
     *
     * @return whether the record is in its topic; otherwise the dead-letter topic tells of it
     * @throws PublishException when an earlier record failed
     */
    boolean send(Outbox outbox, Large large) throws Exception {
        var inItsTopic = new AtomicBoolean();
        retry.run(
                () -> {
                    Exception refused = outbox.sendAlone(large.record());
                    if (refused instanceof RecordTooLargeException
                            || refused instanceof RecordBatchTooLargeException) {
                        follow(outbox, large, refused);
                    } else if (refused != null) {
                        throw refused;
                    }
                    inItsTopic.set(refused == null);
                });
        return inItsTopic.get();
    }

    private void follow(Outbox outbox, Large large, Exception refused) throws Exception {
        switch (policy) {
            case STOP -> throw new ExplainedException(explain(large), refused);
            case DEAD_LETTER -> {
                topics.ensure(deadLetterTopic);
                Exception failed = outbox.sendAlone(letter(large, refused));
                if (failed != null) {
                    throw failed;
                }
                listener.deadLetter(large.namespace(), large.position(), large.bytes());
            }
        }
    }

    private String explain(Large large) {
        return "an event of "
                + large.namespace()
                + " takes "
                + large.bytes()
                + " bytes, "
                + limit(large)
                + asBson(large)
                + ", leave large fields out by watcher.scope.exclude-fields, or set"
                + " watcher.publish.too-large to dead-letter. Position: "
                + large.position();
    }

    private static String asBson(Large large) {
        return large.bsonBytes() < large.bytes()
                ? ", set watcher.wire.format to bson, in which it takes " + large.bsonBytes()
                : "";
    }

    private String limit(Large large) {
        return large.bytes() + RECORD_OVERHEAD > producerLimit
                ? "and the producer takes "
                        + producerLimit
                        + " at most: raise watcher.topic.max-message-bytes, or max.request.size and"
                        + " buffer.memory where watcher.kafka.properties has them"
                : "which the topic "
                        + large.record().topic()
                        + " does not take even compressed: raise its max.message.bytes (and, if need"
                        + " be, the brokers' replica.fetch.max.bytes)";
    }

    /** What is needed to find the event again, and no value of the document but its key. */
    private ProducerRecord<byte[], byte[]> letter(Large large, Exception refused) {
        ProducerRecord<byte[], byte[]> record = large.record();
        var letter =
                new DeadLetter(
                        new DeadLetter.Origin.Unpublished(
                                record.topic(), large.namespace(), large.position()),
                        new DeadLetter.Cause(
                                refused.getClass().getSimpleName() + ": " + refused.getMessage(),
                                null,
                                null),
                        clock.instant(),
                        1);
        return DeadLetterRecords.notice(
                deadLetterTopic,
                record.key(),
                large.bytes() - record.key().length,
                record.headers(),
                letter);
    }
}
