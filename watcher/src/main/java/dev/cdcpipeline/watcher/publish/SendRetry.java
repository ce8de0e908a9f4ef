package dev.cdcpipeline.watcher.publish;

import dev.cdcpipeline.model.Position;
import dev.cdcpipeline.platform.retry.Retry;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

import java.util.Optional;

/**
 * Sends again what Kafka refuses for a reason that may pass, as long as its producer lives.
 *
 * <p>A {@link PublishException} is never tried again here, whatever its cause is: the failure of a
 * record in flight has closed the producer, and only a new session with a new producer gets on.
 */
final class SendRetry {
    private final Retry retry;

    SendRetry(Retry retry) {
        this.retry = retry;
    }

    /**
     * Sends a record, for which there is room, until Kafka takes it.
     *
     * @throws PublishException when it never will, or did not take an earlier one
     */
    void send(
            Outbox outbox,
            ProducerRecord<byte[], byte[]> record,
            @Nullable Position position,
            int bytes)
            throws Exception {
        run(
                () -> {
                    Exception passing = outbox.send(record, position, bytes);
                    if (passing != null) {
                        throw passing;
                    }
                });
    }

    /**
     * Tries until it works.
     *
     * @throws PublishException the first one that is thrown by the action
     */
    void run(Retry.Action action) throws Exception {
        Optional<PublishException> ended = retry.call("publish", () -> attempt(action));
        if (ended.isPresent()) {
            throw ended.get();
        }
    }

    /** Returns what ends the session, past a retry that would look through to its cause. */
    private static Optional<PublishException> attempt(Retry.Action action) throws Exception {
        try {
            action.run();
            return Optional.empty();
        } catch (PublishException e) {
            return Optional.of(e);
        }
    }
}
