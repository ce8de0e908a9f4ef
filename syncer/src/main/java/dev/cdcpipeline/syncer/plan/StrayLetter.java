package dev.cdcpipeline.syncer.plan;

import dev.cdcpipeline.model.wire.DeadLetterHeaders;

import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * Tells dead letters from changes, whatever their topic is called. A letter names the topic that it
 * came from. Found there, it was put back and is a change again; found in another one, it is in
 * somebody's topic of dead letters, and applying it would bring old rows back (I3).
 */
enum StrayLetter {
    /** It is no dead letter. */
    NO_LETTER,
    /** A letter that is in its own topic again: applied, but not as a part of the stream there. */
    PUT_BACK,
    /** A letter of another topic. */
    STRAY;

    /** Headers that name the topic a letter came from: ours, Kafka Connect's, Spring's. */
    static final Set<String> ORIGINS =
            Set.of(DeadLetterHeaders.TOPIC, "__connect.errors.topic", "kafka_dlt-original-topic");

    /**
     * What the record is. One that was a letter more than once is put back where one of its origins
     * is the topic.
     *
     * @param topic the topic it is in
     */
    static StrayLetter of(RecordView record, String topic) {
        StrayLetter found = NO_LETTER;
        for (String origin : ORIGINS) {
            byte[] from = record.lastHeader(origin);
            if (from != null && topic.equals(new String(from, StandardCharsets.UTF_8))) {
                return PUT_BACK;
            }
            found = from == null ? found : STRAY;
        }
        return found;
    }
}
