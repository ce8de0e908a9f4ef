package dev.cdcpipeline.watcher.capture;

import dev.cdcpipeline.model.ResumeToken;

import org.bson.BsonDocument;
import org.bson.BsonTimestamp;

/** Where a change stream begins. */
public sealed interface StartFrom {
    /** Adds the option of the {@code $changeStream} stage. */
    void addTo(BsonDocument stage);

    /** With the next event. */
    record Now() implements StartFrom {
        @Override
        public void addTo(BsonDocument stage) {
            // The server's default.
        }
    }

    /**
     * With the first event at or after a cluster time.
     *
     * @param time the cluster time
     */
    record At(BsonTimestamp time) implements StartFrom {
        @Override
        public void addTo(BsonDocument stage) {
            stage.append("startAtOperationTime", time);
        }
    }

    /**
     * After the event or the place that a resume token names. {@code startAfter} and not {@code
     * resumeAfter}, because only it goes on after an invalidate event; otherwise they are the same
     * (MongoDB manual, Change Streams, "Resume a Change Stream").
     *
     * @param token the resume token
     */
    record After(ResumeToken token) implements StartFrom {
        @Override
        public void addTo(BsonDocument stage) {
            stage.append("startAfter", token.toDocument());
        }
    }
}
