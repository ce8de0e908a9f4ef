package dev.cdcpipeline.platform.config;

import java.util.NoSuchElementException;

/** A {@link Rule} asked for a value that is wrong or missing. */
final class MissingValueException extends NoSuchElementException {
    private static final long serialVersionUID = 1L;

    MissingValueException(String key) {
        super(key);
    }
}
