package dev.cdcpipeline.platform.health;

import dev.cdcpipeline.platform.health.HealthReport.ComponentStatus;
import dev.cdcpipeline.platform.secret.Redaction;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * A part of the service, or a server it needs. One that waits for an answer longer than it should
 * is down for that time, whatever it said of itself before. Thread-safe.
 */
public final class Component {
    private static final Logger log = LoggerFactory.getLogger(Component.class);

    private final String name;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final AtomicReference<Condition> condition;
    private final AtomicReference<@Nullable Question> open = new AtomicReference<>();
    private final AtomicReference<@Nullable Question> told = new AtomicReference<>();

    /** What is waited for, since when, and how long that may last. */
    private record Question(String what, long at, Duration patience) {}

    /** How it is, as it says itself; the reason is empty if there is none. */
    private record Condition(State state, Instant since, String reason) {}

    Component(String name, InstantSource clock, LongSupplier nanoTime) {
        this.name = name;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.condition =
                new AtomicReference<>(
                        new Condition(State.STARTING, clock.instant(), "not started yet"));
    }

    /** It is on its way up. */
    public void starting(String reason) {
        become(State.STARTING, reason);
    }

    /** It works. */
    public void up() {
        become(State.UP, "");
    }

    /** It works, and there is something to know about it. */
    public void up(String remark) {
        become(State.UP, remark);
    }

    /** It could work, and another instance does. */
    public void standby(String reason) {
        become(State.STANDBY, reason);
    }

    /** Why it is not up, or what is to be known of it; empty if nothing. */
    public String reason() {
        return condition.get().reason();
    }

    /** It does not work. */
    public void down(String reason) {
        become(State.DOWN, reason);
    }

    /**
     * It waits for an answer from now on.
     *
     * @param what was asked of whom
     * @param patience after how long it is down
     */
    public void asks(String what, Duration patience) {
        open.set(new Question(what, nanoTime.getAsLong(), patience));
    }

    /** It waits no more: there was an answer, or a failure that it tells of itself. */
    public void answered() {
        open.set(null);
    }

    /** How long it has been waiting for an answer; zero when it is not. */
    public Duration waitsFor() {
        Question question = open.get();
        return question == null ? Duration.ZERO : since(question);
    }

    private Duration since(Question question) {
        return Duration.ofNanos(Math.max(0, nanoTime.getAsLong() - question.at()));
    }

    ComponentStatus status(Instant now) {
        Condition said = condition.get();
        Question question = open.get();
        Duration silence = question == null ? Duration.ZERO : since(question);
        if (question == null || silence.compareTo(question.patience()) <= 0) {
            return status(said, now);
        }
        String reason = "no answer for %d s: %s".formatted(silence.toSeconds(), question.what());
        if (!question.equals(told.getAndSet(question))) {
            log.warn("{}: {}", name, reason);
        }
        return status(new Condition(State.DOWN, now.minus(silence), reason), now);
    }

    private ComponentStatus status(Condition is, Instant now) {
        return new ComponentStatus(
                name,
                is.state(),
                is.since(),
                Duration.between(is.since(), now).toSeconds(),
                is.reason().isEmpty() ? null : Redaction.redact(is.reason()));
    }

    private void become(State state, String reason) {
        condition.updateAndGet(
                now ->
                        new Condition(
                                state,
                                now.state() == state ? now.since() : clock.instant(),
                                reason));
    }
}
