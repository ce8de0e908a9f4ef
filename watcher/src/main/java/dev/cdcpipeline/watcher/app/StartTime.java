package dev.cdcpipeline.watcher.app;

import dev.cdcpipeline.watcher.capture.StartFrom;

import org.bson.BsonTimestamp;

import java.time.Instant;

/** Reads {@code watcher.start}. */
final class StartTime {
    private StartTime() {}

    /**
     * Now, at a cluster time {@code seconds:increment}, or at an instant. The form has been checked
     * by the mapping.
     */
    static StartFrom parse(String text) {
        if (text.equals("now")) {
            return new StartFrom.Now();
        }
        int colon = text.indexOf(':');
        if (text.indexOf('T') < 0) {
            return new StartFrom.At(
                    new BsonTimestamp(
                            Integer.parseUnsignedInt(text.substring(0, colon)),
                            Integer.parseUnsignedInt(text.substring(colon + 1))));
        }
        return new StartFrom.At(new BsonTimestamp((int) Instant.parse(text).getEpochSecond(), 0));
    }
}
