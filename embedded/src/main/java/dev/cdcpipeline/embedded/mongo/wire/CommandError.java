package dev.cdcpipeline.embedded.mongo.wire;

import de.bwaldvogel.mongo.exception.MongoServerError;

import java.util.List;

/**
 * An error reply: MongoDB's code, its name, a message, and the error labels that drivers act on.
 */
public final class CommandError extends MongoServerError {

    private static final long serialVersionUID = 1L;

    public static final String RESUMABLE = "ResumableChangeStreamError";
    public static final String NON_RESUMABLE = "NonResumableChangeStreamError";

    private final transient List<String> labels;

    public CommandError(int code, String codeName, String message, String... labels) {
        super(code, codeName, message.isEmpty() ? codeName : message);
        this.labels = List.of(labels);
    }

    public List<String> labels() {
        return labels;
    }
}
