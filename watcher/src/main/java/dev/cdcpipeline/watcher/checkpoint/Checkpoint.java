package dev.cdcpipeline.watcher.checkpoint;

import dev.cdcpipeline.model.MalformedMessageException;
import dev.cdcpipeline.model.Position;
import dev.cdcpipeline.model.RawDocument;
import dev.cdcpipeline.model.ResumeToken;

import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonInvalidOperationException;
import org.bson.BsonString;
import org.bson.json.JsonMode;
import org.bson.json.JsonParseException;
import org.bson.json.JsonWriterSettings;

import java.nio.charset.StandardCharsets;

/**
 * The position up to which every event is durable in Kafka, and what it belongs to. Immutable.
 *
 * @param position where to go on
 * @param identity what the position belongs to
 * @param snapshot progress of the initial copy, empty when there is none
 */
public record Checkpoint(Position position, Identity identity, BsonDocument snapshot) {
    private static final JsonWriterSettings JSON =
            JsonWriterSettings.builder().outputMode(JsonMode.EXTENDED).build();

    /** A checkpoint without a snapshot. */
    public Checkpoint(Position position, Identity identity) {
        this(position, identity, new BsonDocument());
    }

    /** This checkpoint as JSON, the same in every store. */
    public byte[] toJson() {
        BsonDocument document =
                new BsonDocument("token", position.token().toDocument())
                        .append("generation", new BsonInt64(position.generation()))
                        .append("cluster", new BsonString(identity.cluster()))
                        .append("scope", new BsonString(identity.scope()))
                        .append("pipeline", new BsonString(identity.pipeline()))
                        .append("snapshot", snapshot);
        return document.toJson(JSON).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads what {@link #toJson()} wrote.
     *
     * @throws IllegalArgumentException when the bytes are not a checkpoint
     */
    public static Checkpoint fromJson(byte[] json) {
        try {
            BsonDocument document = BsonDocument.parse(new String(json, StandardCharsets.UTF_8));
            return new Checkpoint(
                    new Position(
                            document.getInt64("generation").getValue(),
                            ResumeToken.of(RawDocument.of(document.getDocument("token")))),
                    new Identity(
                            document.getString("cluster").getValue(),
                            document.getString("scope").getValue(),
                            document.getString("pipeline").getValue()),
                    document.getDocument("snapshot"));
        } catch (JsonParseException | BsonInvalidOperationException | MalformedMessageException e) {
            throw new IllegalArgumentException("not a checkpoint: " + e.getMessage(), e);
        }
    }
}
