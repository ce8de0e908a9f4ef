package dev.cdcpipeline.watcher.app;

import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.platform.health.Component;
import dev.cdcpipeline.platform.health.Health;
import dev.cdcpipeline.platform.health.Heartbeat;
import dev.cdcpipeline.watcher.capture.CaptureListener;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

import org.jspecify.annotations.Nullable;
import org.slf4j.spi.LoggingEventBuilder;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Turns what is heard of MongoDB into metrics, health and log lines. */
final class CaptureTelemetry implements CaptureListener {
    /** What should end a wait has its own time limit; this is for when it does not. */
    private static final Duration BEYOND = Duration.ofMinutes(1);

    private final MeterRegistry registry;
    private final Health health;
    private final Deadlines deadlines;
    private final Supplier<LoggingEventBuilder> warning;
    private final Component stream;
    private volatile @Nullable Component lookUps;
    private final Heartbeat reader;
    private final Heartbeat lookUp;
    private final Counter captured;
    private final Counter capturedBytes;
    private final Counter splitEvents;
    private final Counter nullLookUps;
    private final Counter movedDocuments;

    /**
     * @param warning begins a warning in the log
     */
    CaptureTelemetry(
            MeterRegistry registry,
            Health health,
            Deadlines deadlines,
            Supplier<LoggingEventBuilder> warning) {
        this.registry = registry;
        this.health = health;
        this.deadlines = deadlines;
        this.warning = warning;
        this.stream = health.component("change stream");
        measure(stream, "change-stream");
        this.reader =
                health.heartbeat(
                        "change stream reader",
                        deadlines.await().plus(deadlines.answer()).plus(BEYOND));
        this.lookUp = health.heartbeat("look-up", deadlines.lookUp().plus(BEYOND));
        this.captured = registry.counter("cdc.watcher.captured");
        this.capturedBytes = registry.counter("cdc.watcher.captured.bytes");
        this.splitEvents = registry.counter("cdc.watcher.split.events");
        this.nullLookUps = registry.counter("cdc.watcher.null.lookups");
        this.movedDocuments = registry.counter("cdc.watcher.moved.documents");
    }

    private void measure(Component component, String what) {
        Gauge.builder(
                        "cdc.watcher.unanswered.seconds",
                        component,
                        each -> each.waitsFor().toMillis() / 1000.0)
                .description("How long a request has been waiting for MongoDB's answer")
                .tag("what", what)
                .register(registry);
    }

    /** Health of the stream. */
    Component stream() {
        return stream;
    }

    /** Health of look-ups; null when documents are not looked up. */
    @Nullable Component lookUps() {
        return lookUps;
    }

    /** All that is told of. */
    List<Component> components() {
        return Stream.of(stream, lookUps).filter(Objects::nonNull).toList();
    }

    /** Documents are looked up, and can be. */
    void looksUp() {
        Component component = lookUps;
        if (component == null) {
            component = health.component("look-ups");
            measure(component, "look-up");
            lookUps = component;
        }
        component.up();
    }

    @Override
    public void connected() {
        stream.up();
    }

    @Override
    public void disconnected(Exception cause) {
        stream.down(cause.toString());
        registry.counter("cdc.watcher.reconnects", "cause", Telemetry.name(cause)).increment();
        warning.get().log("the change stream broke, opening it again: {}", cause.toString());
    }

    @Override
    public void splitEvent() {
        splitEvents.increment();
    }

    @Override
    public void nullLookUp() {
        nullLookUps.increment();
    }

    @Override
    public void movedDocument() {
        movedDocuments.increment();
    }

    @Override
    public void asked(String command) {
        reader.beat();
        stream.asks("MongoDB was asked by " + command, deadlines.toldAfter());
    }

    @Override
    public void unanswered() {
        reader.close();
        stream.answered();
    }

    @Override
    public void lookingUp(Namespace namespace) {
        lookUp.beat();
        Component component = lookUps;
        if (component != null) {
            component.asks(
                    "MongoDB looks up documents of " + namespace + " by find", deadlines.lookUp());
        }
    }

    @Override
    public void lookedUp() {
        lookUp.close();
        Component component = lookUps;
        if (component != null) {
            component.answered();
        }
    }

    @Override
    public void received(int count, int bytes) {
        reader.close();
        stream.answered();
        captured.increment(count);
        capturedBytes.increment(bytes);
    }
}
