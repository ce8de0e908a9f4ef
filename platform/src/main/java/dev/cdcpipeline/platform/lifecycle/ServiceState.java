package dev.cdcpipeline.platform.lifecycle;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** What a service is doing. */
public sealed interface ServiceState {
    /** The labels of all states. */
    List<String> LABELS =
            List.of("waiting", "connecting", "standing-by", "streaming", "draining", "stopped");

    /**
     * Waiting for what must be there before it can be set up.
     *
     * @param reason what it waits for
     */
    record Waiting(String reason) implements ServiceState {}

    /** Connecting to its servers, and finding out where to go on. */
    record Connecting() implements ServiceState {}

    /**
     * Ready to take over from the instance that does the work.
     *
     * @param reason who does the work
     */
    record StandingBy(String reason) implements ServiceState {}

    /** Doing its work. */
    record Streaming() implements ServiceState {}

    /** Asked to stop, and finishing what is in flight. */
    record Draining() implements ServiceState {}

    /**
     * Ended.
     *
     * @param reason the failure that ended it; empty after an orderly stop
     */
    record Stopped(String reason) implements ServiceState {}

    /** The state's name in logs, metrics and JSON, such as {@code standing-by}. */
    default String label() {
        return switch (this) {
            case Waiting _ -> "waiting";
            case Connecting _ -> "connecting";
            case StandingBy _ -> "standing-by";
            case Streaming _ -> "streaming";
            case Draining _ -> "draining";
            case Stopped _ -> "stopped";
        };
    }

    /** Why it is in this state, or null where that needs no words. */
    default @Nullable String detail() {
        return switch (this) {
            case Waiting(String reason) -> reason;
            case StandingBy(String reason) -> reason;
            case Stopped(String reason) -> reason.isEmpty() ? null : reason;
            case Connecting _, Streaming _, Draining _ -> null;
        };
    }
}
