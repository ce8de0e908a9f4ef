package dev.cdcpipeline.kafka;

import java.util.Optional;
import java.util.concurrent.ExecutionException;

/** What Kafka answers when it is asked for a topic. */
public sealed interface TopicAnswer {

    /**
     * It is there.
     *
     * @param topic the topic
     */
    record Found(Topic topic) implements TopicAnswer {}

    /** There is none of this name. */
    record Absent() implements TopicAnswer {}

    /**
     * This login may not look at it, or there is none.
     *
     * @param failure with Kafka's exception as its cause
     */
    record Hidden(ExecutionException failure) implements TopicAnswer {}

    /**
     * Kafka cannot tell now.
     *
     * @param failure with Kafka's exception as its cause
     */
    record Failed(ExecutionException failure) implements TopicAnswer {}

    /**
     * Returns the topic; empty if there is none.
     *
     * @throws ExecutionException if Kafka does not tell
     */
    default Optional<Topic> known() throws ExecutionException {
        return switch (this) {
            case Found found -> Optional.of(found.topic());
            case Absent _ -> Optional.empty();
            case Hidden hidden -> throw hidden.failure();
            case Failed failed -> throw failed.failure();
        };
    }

    /**
     * Returns the topic; empty if there is none, or none that this login may look at.
     *
     * @throws ExecutionException if Kafka cannot tell
     */
    default Optional<Topic> visible() throws ExecutionException {
        return this instanceof Hidden ? Optional.empty() : known();
    }
}
