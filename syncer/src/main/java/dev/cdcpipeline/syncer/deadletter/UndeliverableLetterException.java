package dev.cdcpipeline.syncer.deadletter;

import dev.cdcpipeline.platform.failure.Explained;

/** The dead-letter topic takes not even a small letter. The service stops. */
public final class UndeliverableLetterException extends RuntimeException implements Explained {
    private static final long serialVersionUID = 1L;

    UndeliverableLetterException(String topic, Exception cause) {
        super(
                "The dead-letter topic %s takes no record, however small: raise its max.message.bytes."
                        .formatted(topic),
                cause);
    }
}
