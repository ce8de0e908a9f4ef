package dev.cdcpipeline.watcher.app;

import dev.cdcpipeline.platform.failure.ExplainedException;
import dev.cdcpipeline.watcher.checkpoint.Place;

import org.jspecify.annotations.Nullable;

/**
 * The newest durable place that this Watcher knows of: one that it has reached itself, or one that
 * it has read in the store while another Watcher led. It outlives a store that comes back empty,
 * where to start anew would leave out what changed meanwhile (I1). One thread.
 */
final class KnownPosition {
    private @Nullable Place newest;
    private boolean anotherLed;

    /** Takes a durable place, null when there is none yet. An older one changes nothing. */
    void learn(@Nullable Place durable) {
        if (durable != null
                && (newest == null || durable.position().compareTo(newest.position()) > 0)) {
            newest = durable;
        }
    }

    /** Another Watcher leads now, so that this is not the very first start. */
    void anotherLeads() {
        anotherLed = true;
    }

    /** The newest place, null when none is known. */
    @Nullable Place newest() {
        return newest;
    }

    /**
     * Refuses to start from now where another Watcher led, and where it had got to is not known.
     *
     * @throws ExplainedException with what happened and what to do
     */
    void requireNoGap() throws ExplainedException {
        if (newest == null && anotherLed) {
            throw new ExplainedException(
                    "another Watcher led, and there is no checkpoint of it, nor any record in its topics: to start from now"
                            + " (watcher.start: now) would leave out what changed since. If that Watcher still runs, it goes"
                            + " on where it was as soon as this one has ended. If not, set watcher.start to an instant at"
                            + " which it still published: what came after is published again. To leave it out, start this"
                            + " Watcher once more");
        }
    }
}
