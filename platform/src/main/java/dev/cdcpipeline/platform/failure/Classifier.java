package dev.cdcpipeline.platform.failure;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * Turns an exception into a {@link Failure} by asking, from the outermost exception to its causes,
 * every recognizer; the first answer stands. Thread-safe.
 */
public final class Classifier {
    private final List<Recognizer> recognizers;

    /**
     * Adds to the recognizers of the JDK, SQL and Kafka those of the service's own drivers, which
     * are asked first.
     */
    public Classifier(Recognizer... more) {
        var all = new ArrayList<>(List.of(more));
        all.add(KnownFailures::ofKafka);
        all.add(KnownFailures::ofSql);
        all.add(KnownFailures::ofJava);
        this.recognizers = List.copyOf(all);
    }

    /** What an exception stands for. */
    public Failure failure(Throwable thrown) {
        // Drivers wrap these like a broken network, which would be tried again for ever.
        if (TlsProblem.of(thrown).isPresent()) {
            return new Failure.Tls();
        }
        for (Throwable each : Causes.of(thrown)) {
            var failure = recognize(each);
            if (failure != null) {
                return failure;
            }
        }
        return new Failure.Other(thrown.getClass());
    }

    /** What to do about an exception. */
    public Reaction reaction(Throwable thrown) {
        return FailureTable.reaction(failure(thrown));
    }

    private @Nullable Failure recognize(Throwable thrown) {
        for (var recognizer : recognizers) {
            var failure = recognizer.recognize(thrown);
            if (failure != null) {
                return failure;
            }
        }
        return null;
    }
}
