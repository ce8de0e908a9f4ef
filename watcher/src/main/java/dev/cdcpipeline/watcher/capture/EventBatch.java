package dev.cdcpipeline.watcher.capture;

import dev.cdcpipeline.model.ChangeEvent;
import dev.cdcpipeline.model.ResumeToken;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Events in the order of the stream, ready to be published.
 *
 * @param events the events, perhaps none
 * @param through the place in the stream that is reached with the last event, which may lie after
 *     that event; null when it is not known
 * @param bytes the memory that the events hold
 */
public record EventBatch(List<ChangeEvent> events, @Nullable ResumeToken through, int bytes) {}
