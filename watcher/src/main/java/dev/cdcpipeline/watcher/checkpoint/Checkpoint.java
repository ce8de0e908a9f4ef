package dev.cdcpipeline.watcher.checkpoint;

import dev.cdcpipeline.model.MalformedMessageException;
import dev.cdcpipeline.model.Position;
import dev.cdcpipeline.model.RawDocument;
import dev.cdcpipeline.model.ResumeToken;
import dev.cdcpipeline.model.wire.StreamId;

import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonInvalidOperationException;
import org.bson.BsonString;
import org.bson.json.JsonMode;
import org.bson.json.JsonParseException;
import org.bson.json.JsonWriterSettings;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;

/**
 * The position up to which every event is durable in Kafka, and what it belongs to. Immutable.
 *
 * @param place where to go on, and as which stream
 * @param identity what the position belongs to
 * @param snapshot progress of the initial copy, empty when there is none
 */
public record Checkpoint(Place place, Identity identity, BsonDocument snapshot) {
    private static final String STREAM = "stream";
    private static final JsonWriterSettings JSON =
            JsonWriterSettings.builder().outputMode(JsonMode.EXTENDED).build();

    /** A checkpoint without a snapshot. */
    public Checkpoint(Place place, Identity identity) {
        this(place, identity, new BsonDocument());
    }

    /** Where to go on. */
    public Position position() {
        return place.position();
    }

    /** The same place, after which another stream begins. */
    public Checkpoint withoutStream() {
        return new Checkpoint(new Place(position(), null), identity, snapshot);
    }

    /** This checkpoint as JSON, the same in every store. */
    public byte[] toJson() {
        BsonDocument document =
                new BsonDocument("token", position().token().toDocument())
                        .append("generation", new BsonInt64(position().generation()))
                        .append("cluster", new BsonString(identity.cluster()))
                        .append("scope", new BsonString(identity.scope()))
                        .append("pipeline", new BsonString(identity.pipeline()))
                        .append("snapshot", snapshot);
        StreamId stream = place.stream();
        if (stream != null) {
            document.append(STREAM, new BsonInt64(stream.value()));
        }
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
            Position position =
                    new Position(
                            document.getInt64("generation").getValue(),
                            ResumeToken.of(RawDocument.of(document.getDocument("token"))));
            return new Checkpoint(
                    new Place(position, stream(document)),
                    new Identity(
                            document.getString("cluster").getValue(),
                            document.getString("scope").getValue(),
                            document.getString("pipeline").getValue()),
                    document.getDocument("snapshot"));
        } catch (JsonParseException | BsonInvalidOperationException | MalformedMessageException e) {
            throw new IllegalArgumentException("not a checkpoint: " + e.getMessage(), e);
        }
    }

    /** None in a checkpoint of a Watcher before streams had names. */
    private static @Nullable StreamId stream(BsonDocument document) {
        return document.containsKey(STREAM)
                ? new StreamId(document.getInt64(STREAM).getValue())
                : null;
    }
}
