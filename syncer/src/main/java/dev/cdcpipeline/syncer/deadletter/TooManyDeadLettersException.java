package dev.cdcpipeline.syncer.deadletter;

import dev.cdcpipeline.platform.failure.Explained;

/** So many records are bad that it is not the records. The service stops. */
public final class TooManyDeadLettersException extends RuntimeException implements Explained {
    private static final long serialVersionUID = 1L;

    TooManyDeadLettersException(int bad, int records) {
        super(
                "%d of the last %d records could not be applied, which is more than syncer.dead-letter.max-share allows: is it the right topic, and does the table fit? See the dead-letter topic for the causes; nothing was skipped."
                        .formatted(bad, records));
    }
}
