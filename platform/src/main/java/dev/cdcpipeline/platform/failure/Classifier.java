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
     * A classifier that knows the exceptions of the JDK.
     *
     * @param more recognizers of other exceptions, most often {@linkplain ErrorCatalogue
     *     catalogues}; they are asked first, in this order
     */
    public Classifier(Recognizer... more) {
        var all = new ArrayList<>(List.of(more));
        all.add(JavaFailures::recognize);
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
        return failure(thrown).reaction();
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
