package dev.cdcpipeline.watcher.capture;

import dev.cdcpipeline.model.ChangeEvent;
import dev.cdcpipeline.model.Namespace;

/**
 * Tells whether a drop, rename or dropDatabase event means what it says. In a replica set it does.
 * Through mongos the stream also has what shards drop of their own, when they clean up after a
 * collection has moved.
 */
public interface Endings {
    /** What has become of a collection. */
    enum Ending {
        /** Its documents of before the event are gone. */
        OVER,
        /** It is still there, with its documents. */
        LIVES_ON,
        /** It is there, and nothing tells whether as the one that was dropped or as a new one. */
        UNCLEAR
    }

    /**
     * What has become of a collection by an event.
     *
     * @param collection the collection that the event says is gone, by its own name or by that of
     *     its database
     * @param event the event
     */
    Ending of(Namespace collection, ChangeEvent event) throws Exception;

    /** A replica set's, whose events are taken at their word. */
    static Endings atTheirWord() {
        return (_, _) -> Ending.OVER;
    }
}
