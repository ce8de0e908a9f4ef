package dev.cdcpipeline.watcher.publish;

import dev.cdcpipeline.model.Position;
import dev.cdcpipeline.platform.failure.Classifier;
import dev.cdcpipeline.platform.failure.Reaction;

import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/**
 * Hands records to the producer and follows them until they are durable.
 *
 * <p>After a record that Kafka refused, nothing may be appended to its partition, or the Syncer
 * would take the record for an old one when it comes at last. The idempotent producer makes the
 * broker refuse what follows a gap, as long as the producer does not begin a new epoch; therefore
 * the first failure closes the producer from within its own callback, before it can send again
 * (I1).
 *
 * <p>One thread, the owner, calls the methods.
 */
public final class Outbox {
    private static final long ALONE_NANOS = Duration.ofMillis(1).toNanos();
    private static final int TIMED_ONE_IN = 64;
    private static final long WAIT_NANOS = Duration.ofMillis(100).toNanos();

    private final Producer<byte[], byte[]> producer;
    private final AckTracker tracker;
    private final Classifier classifier;
    private final PublishListener listener;
    private volatile @Nullable Exception failure;

    /** A record is not in flight and waits all the same: it was refused, or is sent alone. */
    private volatile boolean waits;

    private @Nullable Exception refusal;

    /** An outbox over a producer, which it may close and the caller closes. */
    public Outbox(
            Producer<byte[], byte[]> producer,
            AckTracker tracker,
            Classifier classifier,
            PublishListener listener) {
        this.producer = producer;
        this.tracker = tracker;
        this.classifier = classifier;
        this.listener = listener;
    }

    /**
     * Waits for room in flight for so many bytes.
     *
     * @throws PublishException when something in flight failed
     * @throws InterruptedException when the listener wants the wait to end
     */
    void awaitRoom(int bytes) throws PublishException, InterruptedException {
        advance();
        while (!tracker.hasRoom(bytes)) {
            listener.waiting();
            tracker.await(WAIT_NANOS);
            advance();
        }
    }

    /**
     * Sends a record, for which there is room.
     *
     * @param position the place that is reached with it, null when more records belong to its event
     * @return null when it is in flight; otherwise why not, when that may pass (a broker that does
     *     not answer a request for metadata): the same record can then be sent again
     * @throws PublishException when Kafka will not take this record, or did not take an earlier one
     */
    @Nullable Exception send(
            ProducerRecord<byte[], byte[]> record, @Nullable Position position, int bytes)
            throws PublishException {
        long sequence = tracker.add(position, bytes);
        refusal = null;
        try {
            var _ = producer.send(record, new Confirmation(sequence, Thread.currentThread()));
        } catch (RuntimeException e) {
            refusal = e;
        }
        Exception refused = refusal;
        if (refused == null) {
            if (waits) {
                waits = false;
            }
            return null;
        }
        waits = true;
        tracker.withdraw();
        throwIfFailed();
        if (classifier.reaction(refused) == Reaction.RETRY) {
            return refused;
        }
        throw new PublishException("Kafka refused a record for " + record.topic(), refused);
    }

    /**
     * Sends a record with nothing else in flight, so that its failure leaves no gap, and waits
     * until it is durable.
     *
     * @return null when it is durable, otherwise why Kafka did not take it
     * @throws PublishException when an earlier record failed
     * @throws InterruptedException when the listener wants the wait to end
     */
    @Nullable Exception sendAlone(ProducerRecord<byte[], byte[]> record)
            throws PublishException, InterruptedException {
        awaitQuiet();
        throwIfFailed();
        waits = true;
        Future<RecordMetadata> sent = producer.send(record);
        while (!sent.isDone()) {
            listener.waiting();
            LockSupport.parkNanos(this, ALONE_NANOS);
        }
        throwIfFailed();
        waits = sent.state() != Future.State.SUCCESS;
        return sent.state() == Future.State.SUCCESS ? null : cause(sent.exceptionNow());
    }

    /**
     * Waits until nothing is in flight.
     *
     * @throws PublishException when something in flight failed
     * @throws InterruptedException when the listener wants the wait to end
     */
    void awaitQuiet() throws PublishException, InterruptedException {
        while (tracker.inFlightEvents() > 0) {
            listener.waiting();
            tracker.await(WAIT_NANOS);
            advance();
        }
    }

    private static Exception cause(Throwable thrown) {
        return thrown instanceof Exception exception
                ? exception
                : new IllegalStateException(thrown);
    }

    /** Returns whether a record waits for Kafka. Any thread. */
    boolean waits() {
        return waits || tracker.inFlightEvents() > 0;
    }

    /** How many records have become durable so far. Any thread. */
    long confirmed() {
        return tracker.confirmedEvents();
    }

    /** Ends everything in flight: whatever the owner calls next throws this. Any thread. */
    void fail(Exception cause) {
        if (failure == null) {
            failure = cause;
            producer.close(Duration.ZERO);
        }
    }

    /** Notes that the stream has reached a position without a record for it. */
    void mark(Position position) {
        tracker.mark(position);
    }

    /** The position up to which everything is durable, null when nothing is yet. */
    @Nullable Position durable() {
        return tracker.durable();
    }

    /**
     * Moves the durable position on.
     *
     * @throws PublishException when something in flight failed
     */
    void advance() throws PublishException {
        int records = tracker.advance();
        if (records > 0) {
            listener.durable(records);
        }
        throwIfFailed();
    }

    /**
     * Waits until nothing is in flight, or until the deadline (as of {@link System#nanoTime()}).
     * Batches are sent at once, not only when they are full or old enough; a flush has no deadline,
     * so that another thread waits for it.
     */
    boolean drain(long deadline) throws PublishException {
        Thread flush = Thread.ofVirtual().name("watcher-flush").start(this::flush);
        try {
            return drainUntil(deadline);
        } finally {
            flush.interrupt();
        }
    }

    private void flush() {
        try {
            producer.flush();
        } catch (InterruptException deadline) {
            // Nobody waits any more.
        }
    }

    private boolean drainUntil(long deadline) throws PublishException {
        advance();
        while (tracker.inFlightEvents() > 0 && System.nanoTime() - deadline < 0) {
            tracker.await(WAIT_NANOS);
            advance();
        }
        return tracker.inFlightEvents() == 0;
    }

    private void throwIfFailed() throws PublishException {
        Exception failed = failure;
        if (failed != null) {
            throw new PublishException("Kafka did not confirm a record", failed);
        }
    }

    /**
     * Follows one record. Runs on the producer's thread, or on the owner's when the producer
     * refuses at once.
     */
    private final class Confirmation implements Callback {
        private final long sequence;
        private final Thread owner;
        private final long sentAt;

        Confirmation(long sequence, Thread owner) {
            this.sequence = sequence;
            this.owner = owner;
            this.sentAt = sequence % TIMED_ONE_IN == 0 ? System.nanoTime() : 0;
        }

        @Override
        public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception cause) {
            if (cause == null) {
                tracker.confirm(sequence);
                if (sentAt != 0) {
                    listener.confirmed(System.nanoTime() - sentAt);
                }
            } else if (Thread.currentThread() == owner) {
                refusal = cause;
            } else {
                fail(cause);
            }
        }
    }
}
