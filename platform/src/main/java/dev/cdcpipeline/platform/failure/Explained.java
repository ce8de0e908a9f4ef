package dev.cdcpipeline.platform.failure;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/**
 * An exception whose message tells an operator all: what went wrong, where, and what to do. It is
 * logged without a stack trace, which would only hide the sentence.
 */
public interface Explained {

    /** One or a few sentences, without credentials and without values of documents. */
    @Nullable String getMessage();

    /** The outermost explanation among an exception and its causes. */
    static Optional<Explained> in(Throwable thrown) {
        return Causes.of(thrown).stream()
                .filter(Explained.class::isInstance)
                .map(Explained.class::cast)
                .findFirst();
    }
}
