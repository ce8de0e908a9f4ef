package dev.cdcpipeline.model.wire;

import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.model.Position;

import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * Where a record in a dead-letter topic comes from and why it is there: one format for both
 * services. It is in headers beside the record's own, so that a letter can be put back as it was.
 * No value of a document is in it but, as in every record, the key.
 *
 * @param origin where the record was, or was to go to
 * @param cause why it could not be published or applied
 * @param time when it was set aside
 * @param attempt how many batches it was in until it was alone and refused; 1 when it was read
 */
public record DeadLetter(Origin origin, Cause cause, Instant time, int attempt) {

    /** Where a record was, or was to go to. */
    public sealed interface Origin {
        /** The topic. */
        String topic();

        /**
         * A record that was consumed.
         *
         * @param partition its partition
         * @param offset its offset there
         * @param timestamp Kafka's time of the record, if it has one
         */
        record Consumed(String topic, int partition, long offset, @Nullable Instant timestamp)
                implements Origin {}

        /**
         * An event that did not become a record of its topic.
         *
         * @param namespace its collection
         * @param position its position in the change stream
         */
        record Unpublished(String topic, Namespace namespace, Position position)
                implements Origin {}
    }

    /**
     * Why a record was refused.
     *
     * @param text the type of the exception and its message
     * @param sqlState PostgreSQL's SQLSTATE, if it refused the record
     * @param stackHash equal for equal causes, if it is known
     */
    public record Cause(String text, @Nullable String sqlState, @Nullable String stackHash) {}

    /**
     * The sizes of a record that is left out because the dead-letter topic does not take it.
     *
     * @param keyBytes of its key
     * @param valueBytes of its value
     * @param headerBytes of its headers
     */
    public record Sizes(int keyBytes, int valueBytes, int headerBytes) {}

    /** The headers of a letter that has the record whole. */
    public SequencedMap<String, String> headers() {
        var headers = new LinkedHashMap<String, String>();
        headers.put(DeadLetterHeaders.TOPIC, origin.topic());
        if (origin instanceof Origin.Consumed consumed) {
            headers.put(DeadLetterHeaders.PARTITION, Integer.toString(consumed.partition()));
            headers.put(DeadLetterHeaders.OFFSET, Long.toString(consumed.offset()));
            if (consumed.timestamp() != null) {
                headers.put(DeadLetterHeaders.TIMESTAMP, consumed.timestamp().toString());
            }
        }
        headers.put(DeadLetterHeaders.CAUSE, cause.text());
        if (cause.sqlState() != null) {
            headers.put(DeadLetterHeaders.SQLSTATE, cause.sqlState());
        }
        if (cause.stackHash() != null) {
            headers.put(DeadLetterHeaders.STACK_HASH, cause.stackHash());
        }
        headers.put(DeadLetterHeaders.TIME, time.toString());
        headers.put(DeadLetterHeaders.ATTEMPT, Integer.toString(attempt));
        return headers;
    }

    /** The headers of a letter whose value is a {@link #notice}. */
    public SequencedMap<String, String> headers(Sizes leftOut) {
        SequencedMap<String, String> headers = headers();
        headers.put(DeadLetterHeaders.LEFT_OUT, Integer.toString(leftOut.valueBytes()));
        return headers;
    }

    /**
     * A value in place of one that is left out for its size: JSON that says where the record is, or
     * which event it was, how large it is, and why it was refused.
     */
    public String notice(Sizes leftOut) {
        var notice = new BsonDocument("topic", new BsonString(origin.topic()));
        switch (origin) {
            case Origin.Consumed consumed ->
                    notice.append("partition", new BsonInt32(consumed.partition()))
                            .append("offset", new BsonInt64(consumed.offset()));
            case Origin.Unpublished event ->
                    notice.append("namespace", new BsonString(event.namespace().toString()))
                            .append("generation", new BsonInt64(event.position().generation()))
                            .append("token", new BsonString(event.position().token().toHex()));
        }
        return notice.append("keyBytes", new BsonInt32(leftOut.keyBytes()))
                .append("valueBytes", new BsonInt32(leftOut.valueBytes()))
                .append("headerBytes", new BsonInt32(leftOut.headerBytes()))
                .append("cause", new BsonString(cause.text()))
                .toJson();
    }
}
