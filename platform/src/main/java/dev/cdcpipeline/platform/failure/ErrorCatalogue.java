package dev.cdcpipeline.platform.failure;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/**
 * All that is known of the errors of one outside system: a row for each code with its name, the
 * reaction to it and the explanation for the operator. Implementations look at types and codes,
 * never at the text of a message, and are thread-safe.
 */
public interface ErrorCatalogue extends Recognizer {

    /** The name of the system, {@code PostgreSQL}. */
    String system();

    /** The rows, in the order of the reference page. */
    List<ErrorEntry> entries();

    /** Returns whether the client library of this system threw the exception. */
    boolean isSource(Throwable thrown);

    /**
     * The row of one exception, its causes left aside; null if the exception is of another system,
     * has no code or has one that is not in the catalogue.
     */
    @Nullable ErrorEntry entry(Throwable thrown);

    /**
     * Values of placeholders that one exception gives. {@code said} is always there: the words of
     * the exception.
     */
    default Map<String, String> values(Throwable thrown) {
        return Map.of("said", Causes.deepest(thrown));
    }

    /** The options for TLS, as templates. */
    TlsOptions tlsOptions();

    /**
     * The options of a connection that a {@link TlsProblem} may be mended by.
     *
     * @param trust names the certificates of the authorities that are trusted
     * @param own names the certificate of this side
     * @param address holds the host name
     */
    record TlsOptions(String trust, String own, String address) {}
}
