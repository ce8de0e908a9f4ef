package dev.cdcpipeline.watcher.capture;

import dev.cdcpipeline.model.ChangeEvent;
import dev.cdcpipeline.model.RawDocument;
import dev.cdcpipeline.model.ResumeToken;

import org.bson.BsonDocument;
import org.bson.BsonTimestamp;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.Arrays;

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
     * After the event or the place that a resume token names. Only {@code startAfter} goes on after
     * an invalidate event; otherwise it and {@code resumeAfter} are the same (MongoDB manual,
     * Change Streams, "Resume a Change Stream"). It is used for nothing else: when a shard is
     * added, mongos puts a {@code resumeAfter} of its own beside it, which ends the stream with
     * 50865, and not all that speaks MongoDB's protocol knows it.
     *
     * @param token the resume token
     */
    record After(ResumeToken token) implements StartFrom {
        @Override
        public void addTo(BsonDocument stage) {
            stage.append(
                    token.isFromInvalidate() ? "startAfter" : "resumeAfter", token.toDocument());
        }

        /**
         * Whether the token names a fragment of this event, which the server has not split: it has
         * one field more.
         */
        boolean isPartOf(RawDocument event) {
            byte[] whole = ChangeEvent.of(event).resumeToken().toBytes();
            byte[] part = token.toBytes();
            int fields = whole.length - 1; // without the mark of the end
            return part.length > whole.length && Arrays.equals(whole, 0, fields, part, 0, fields);
        }

        /**
         * With the first event of the token's cluster time: nothing is left out, but events of that
         * time may come again. Null when the token is not of the server's form, a byte that says
         * "timestamp" and then 8 bytes.
         */
        @Nullable At atItsTime() {
            byte[] bytes = token.toBytes();
            if (bytes.length < 1 + Long.BYTES || bytes[0] != TIMESTAMP) {
                return null;
            }
            return new At(new BsonTimestamp(ByteBuffer.wrap(bytes).getLong(1)));
        }

        private static final byte TIMESTAMP = (byte) 0x82;
    }
}
