package dev.cdcpipeline.syncer.plan;

import dev.cdcpipeline.model.wire.DeadLetterHeaders;

import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * Tells dead letters from changes, whatever their topic is called. A letter names the topic that it
 * came from. Found there, it was played back and is a change again; found in another one, it is in
 * somebody's topic of dead letters, and applying it would bring old rows back (I3).
 */
final class StrayLetter {
    /** Headers that name the topic a letter came from: ours, Kafka Connect's, Spring's. */
    static final Set<String> ORIGINS =
            Set.of(DeadLetterHeaders.TOPIC, "__connect.errors.topic", "kafka_dlt-original-topic");

    private StrayLetter() {}

    /**
     * Whether the record is a letter from another topic than the one it is in.
     *
     * @param topic the topic it is in
     */
    static boolean is(RecordView record, String topic) {
        for (String origin : ORIGINS) {
            byte[] from = record.lastHeader(origin);
            if (from != null) {
                return !topic.equals(new String(from, StandardCharsets.UTF_8));
            }
        }
        return false;
    }
}
