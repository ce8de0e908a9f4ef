package dev.cdcpipeline.watcher.publish;

import dev.cdcpipeline.model.ChangeEvent;
import dev.cdcpipeline.model.Position;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Set;

/**
 * What the topics of a scope end with.
 *
 * @param newest the record with the newest position, whoever published it; null when none has one
 * @param mine the ends of streams that have just what this Watcher captures and that say what was
 *     durable, newest first
 * @param silent topics that hold records, or held some, none of which says its position
 */
public record Tails(@Nullable Tail newest, List<StreamTail> mine, Set<String> silent) {
    /**
     * A record.
     *
     * @param topic where it is
     * @param position its position
     */
    public record Tail(String topic, Position position) {}

    /**
     * The end of a stream.
     *
     * @param last its newest record
     * @param event what happened
     * @param durable up to where everything was durable, as the newest record says
     */
    public record StreamTail(Tail last, ChangeEvent event, Position durable) {}
}
