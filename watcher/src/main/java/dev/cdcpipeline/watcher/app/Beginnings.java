package dev.cdcpipeline.watcher.app;

import dev.cdcpipeline.model.Position;
import dev.cdcpipeline.model.wire.StreamId;
import dev.cdcpipeline.watcher.capture.StartFrom;
import dev.cdcpipeline.watcher.checkpoint.Place;
import dev.cdcpipeline.watcher.publish.StreamHeaders;
import dev.cdcpipeline.watcher.publish.StreamIds;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Instant;

/**
 * Says where sessions begin: after the position that is known, else as {@link FirstStart} finds.
 */
final class Beginnings {
    private static final Logger LOG = LoggerFactory.getLogger(Beginnings.class);

    private final WatcherSettings settings;
    private final String checkpoint;
    private final StreamIds ids;
    private final FirstStart firstStart;

    /**
     * @param checkpoint where the checkpoint is, for the log
     */
    Beginnings(WatcherSettings settings, String checkpoint, StreamIds ids, FirstStart firstStart) {
        this.settings = settings;
        this.checkpoint = checkpoint;
        this.ids = ids;
        this.firstStart = firstStart;
    }

    /**
     * Where the first session begins of this Watcher's leading.
     *
     * @throws dev.cdcpipeline.platform.failure.ExplainedException when that is not sure
     */
    Beginning first(KnownPosition known) throws Exception {
        Place place = known.newest();
        if (place == null) {
            return firstStart.decide(known);
        }
        long generation = settings.generation();
        if (place.position().generation() > generation) {
            LOG.warn(
                    "watcher.generation is {}, and the checkpoint has {}, which counts: set it to that, as a start without"
                            + " the checkpoint would be refused",
                    generation,
                    place.position().generation());
        }
        return after(place);
    }

    /** Where a session begins after a place. */
    Beginning after(Place place) {
        Position position = place.position();
        long counts = Math.max(settings.generation(), position.generation());
        return new Beginning(
                new StartFrom.After(position.token()),
                position,
                counts,
                stream(place, counts),
                "goes on after the checkpoint (%s), which is at %s"
                        .formatted(checkpoint, time(position)));
    }

    /**
     * The stream goes on only with the very events that it had: what another scope let through now
     * would else be taken for a repetition of what was applied.
     */
    private StreamId stream(Place place, long counts) {
        StreamId stream = place.stream();
        boolean goesOn =
                stream != null && ids.isMine(stream) && place.position().generation() == counts;
        return stream != null && goesOn ? stream : ids.next();
    }

    /** The headers of a session's records. */
    StreamHeaders headers(Beginning beginning) {
        return new StreamHeaders(ids, beginning.stream(), beginning.durable());
    }

    /** When a position was, for the log: never its token, which holds an {@code _id}. */
    static String time(Position position) {
        double seconds = Gauges.seconds(position.token());
        return Double.isNaN(seconds)
                ? "an unknown time"
                : Instant.ofEpochSecond((long) seconds).toString();
    }
}
