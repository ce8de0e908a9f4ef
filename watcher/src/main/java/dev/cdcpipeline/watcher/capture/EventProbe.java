package dev.cdcpipeline.watcher.capture;

import com.mongodb.client.MongoClient;

import dev.cdcpipeline.model.ChangeEvent;
import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.model.PipelineEvents;
import dev.cdcpipeline.model.RawDocument;
import dev.cdcpipeline.model.ResumeToken;

import org.bson.BsonTimestamp;

import java.time.Duration;
import java.util.Objects;

/**
 * Asks MongoDB whether an event that was published is one of its own. A resume token does not tell:
 * that of another cluster may be taken, and the stream then goes on at its time.
 */
public final class EventProbe {
    private static final int BATCH = 100;
    private static final Duration AWAIT = Duration.ofMillis(500);
    private static final long PATIENCE_NANOS = Duration.ofSeconds(15).toNanos();

    private final MongoClient client;
    private final StreamDefinition definition;

    /** Asks for events of a stream. */
    public EventProbe(MongoClient client, StreamDefinition definition) {
        this.client = client;
        this.definition = definition;
    }

    /**
     * Returns whether the stream has this event at its cluster time.
     *
     * @throws com.mongodb.MongoException as the driver does; among others when the oplog does not
     *     reach back to that time
     */
    public boolean knows(ChangeEvent event) {
        BsonTimestamp time = event.clusterTime();
        if (time == null) {
            return false;
        }
        long end = System.nanoTime() + PATIENCE_NANOS;
        try (ChangeStream stream = ChangeStream.open(client, definition, new StartFrom.At(time))) {
            while (System.nanoTime() - end < 0 && !stream.ended()) {
                CursorReply reply = stream.next(BATCH, AWAIT);
                for (RawDocument document : reply.documents()) {
                    if (isSame(ChangeEvent.of(document), event)) {
                        return true;
                    }
                }
                if (isPast(reply, time)) {
                    return false;
                }
            }
        }
        return false;
    }

    /** By what it did to what and when: the token of an event that is split may be another one. */
    private static boolean isSame(ChangeEvent one, ChangeEvent published) {
        if (!Objects.equals(one.clusterTime(), published.clusterTime())) {
            return false;
        }
        return PipelineEvents.isSweep(published)
                ? isCause(one, published)
                : one.operationName().equals(published.operationName())
                        && Objects.equals(one.namespace(), published.namespace())
                        && Objects.equals(one.documentKey(), published.documentKey());
    }

    /**
     * A sweep is told to a collection that a rename has replaced, or whose database was dropped.
     */
    private static boolean isCause(ChangeEvent one, ChangeEvent sweep) {
        Namespace swept = sweep.namespace();
        Namespace namespace = one.namespace();
        return switch (one.operationType()) {
            case RENAME -> Objects.equals(one.renamedTo(), swept);
            case DROP_DATABASE ->
                    swept != null
                            && namespace != null
                            && namespace.database().equals(swept.database());
            case INSERT, UPDATE, REPLACE, DELETE, DROP, INVALIDATE, OTHER -> false;
        };
    }

    private static boolean isPast(CursorReply reply, BsonTimestamp time) {
        if (!reply.documents().isEmpty()) {
            BsonTimestamp last = ChangeEvent.of(reply.documents().getLast()).clusterTime();
            return last != null && last.compareTo(time) > 0;
        }
        ResumeToken reached = reply.postBatchResumeToken();
        BsonTimestamp at = reached == null ? null : TokenTime.of(reached);
        return at != null && at.compareTo(time) > 0;
    }
}
