package dev.cdcpipeline.watcher.app;

import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.model.Position;
import dev.cdcpipeline.model.Version;
import dev.cdcpipeline.platform.health.Component;
import dev.cdcpipeline.platform.health.Health;
import dev.cdcpipeline.platform.health.Heartbeat;
import dev.cdcpipeline.platform.lifecycle.StopSignal;
import dev.cdcpipeline.platform.retry.RetryListener;
import dev.cdcpipeline.platform.secret.Redaction;
import dev.cdcpipeline.watcher.capture.Endings;
import dev.cdcpipeline.watcher.capture.EventBatch;
import dev.cdcpipeline.watcher.checkpoint.SaveListener;
import dev.cdcpipeline.watcher.publish.AckTracker;
import dev.cdcpipeline.watcher.publish.PublishListener;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;

import org.bson.BsonTimestamp;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Turns what the parts say of themselves into metrics, health and the few log lines of an operator.
 */
final class Telemetry implements PublishListener, SaveListener, RetryListener {
    private static final Logger LOG = LoggerFactory.getLogger(Telemetry.class);

    /** Hexadecimal digits of a token: a byte that says "timestamp", and then 8 bytes. */
    private static final int TIME_DIGITS = 18;

    private static final Duration LOOP_DEADLINE = Duration.ofMinutes(2);

    private record Label(Namespace namespace, String operation) {}

    private record Sent(Counter events, Counter bytes) {}

    private final MeterRegistry registry;
    private final StopSignal stop;
    private final ProducerHealth producer;
    private final Component checkpoint;
    private final Component lease;
    private final Gauges gauges;
    private final CaptureTelemetry capture;
    private final Timer latency;
    private final Heartbeat loop;
    private final Heartbeat saver;
    private final Map<Label, Sent> sent = new HashMap<>();
    private final Counter published;
    private final Counter saves;
    private final Counter saveFailures;

    Telemetry(MeterRegistry registry, Health health, StopSignal stop, Deadlines deadlines) {
        this.registry = registry;
        this.stop = stop;
        this.producer = new ProducerHealth(health.component("producer"), registry);
        this.checkpoint = health.component("checkpoint");
        this.lease = health.component("lease");
        this.gauges = new Gauges(registry);
        this.capture = new CaptureTelemetry(registry, health, deadlines, this::warning);
        health.measure(registry);
        this.latency =
                Timer.builder("cdc.watcher.publish.latency")
                        .description(
                                "Time from handing a record to the producer to Kafka's acknowledgement")
                        .publishPercentileHistogram()
                        .register(registry);
        this.loop = health.heartbeat("publish loop", LOOP_DEADLINE.plus(deadlines.longestWait()));
        this.saver = health.heartbeat("checkpoint saver", LOOP_DEADLINE);
        this.published = registry.counter("cdc.watcher.published");
        this.saves = registry.counter("cdc.watcher.checkpoint.saves");
        this.saveFailures = registry.counter("cdc.watcher.checkpoint.failures");
    }

    /** Hears how capturing goes. */
    CaptureTelemetry capture() {
        return capture;
    }

    /** A session begins, which knows here what it has in flight. */
    void tracks(AckTracker tracker) {
        gauges.tracker(tracker);
    }

    /** The loop has made a turn. */
    void turn() {
        loop.beat();
        producer.reached(gauges.durable());
    }

    /** A batch was handed to the producer. */
    void published(EventBatch batch) {
        gauges.published(batch);
    }

    /** This Watcher leads. */
    void leading() {
        gauges.leading(true);
        lease.up();
        parts().forEach(part -> part.starting("this Watcher has just begun to lead"));
    }

    /** The store of the lease answers. */
    void leaseHeld() {
        lease.up();
    }

    /** The store of the lease does not answer; publishing goes on. */
    void leaseUnreachable(Exception cause) {
        lease.down(cause.toString());
        LOG.warn("the lease could not be renewed: {}", cause.toString());
    }

    /**
     * Another Watcher leads, and this one is ready to take over. Told at each turn: an attempt that
     * failed in between has had the loop watched again.
     */
    void standingBy() {
        gauges.leading(false);
        lease.standby("another Watcher leads");
        parts().forEach(part -> part.standby("another Watcher leads"));
        loop.close();
    }

    private List<Component> parts() {
        return Stream.concat(
                        capture.components().stream(), Stream.of(producer.component(), checkpoint))
                .toList();
    }

    /** The oplog begins here. */
    void oldestInOplog(BsonTimestamp time) {
        gauges.oldestInOplog(time);
    }

    /**
     * A producer was made.
     *
     * @param from the durable position that the session begins with
     */
    void producing(@Nullable Position from) {
        producer.begins(from);
    }

    /** A session failed and another one follows. */
    void restarting(Exception cause) {
        producer.failed(cause);
        registry.counter("cdc.watcher.restarts", "cause", name(cause)).increment();
        warning().setCause(cause).log("publishing stopped and goes on from the durable position");
    }

    @Override
    public void sent(Namespace namespace, String operation, int bytes) {
        Sent counters = sent.computeIfAbsent(new Label(namespace, operation), this::counters);
        counters.events().increment();
        counters.bytes().increment(bytes);
    }

    private Sent counters(Label label) {
        Tags tags =
                Tags.of("namespace", label.namespace().toString(), "operation", label.operation());
        return new Sent(
                registry.counter("cdc.watcher.events", tags),
                registry.counter("cdc.watcher.published.bytes", tags));
    }

    @Override
    public void notCopied(Namespace from, Namespace to) {
        registry.counter("cdc.watcher.renames.not.copied", "namespace", to.toString()).increment();
        LOG.atWarn()
                .addKeyValue("namespace", to)
                .log(
                        "{} was renamed to {}: the rows of what {} had before go, and its documents are not copied, each one"
                                + " comes with its next change. To have them all, write to each of them, for"
                                + " example by updateMany({}, {$set: {copied: new Date()}})",
                        from,
                        to,
                        to);
    }

    @Override
    public void notEnded(Namespace collection, Endings.Ending ending, Version version) {
        String reason = ending.name().toLowerCase(Locale.ROOT).replace('_', '-');
        Tags tags = Tags.of("namespace", collection.toString(), "reason", reason);
        registry.counter("cdc.watcher.sweeps.left.out", tags).increment();
        switch (ending) {
            case LIVES_ON ->
                    LOG.atInfo()
                            .addKeyValue("namespace", collection)
                            .log(
                                    "a shard has dropped its part of {}, which is still there: its rows stay",
                                    collection);
            case UNCLEAR ->
                    LOG.atWarn()
                            .addKeyValue("namespace", collection)
                            .log(
                                    "{} was dropped on a shard and is there: it was moved by movePrimary, or dropped and"
                                            + " created anew. Its rows stay. If it was created anew, delete those of before by hand:"
                                            + " they have _cdc_version < {}. An account that may read config.changelog (role"
                                            + " clusterMonitor) lets the Watcher tell, unless a move is just over",
                                    collection,
                                    version.value());
            case OVER -> throw new IllegalArgumentException("a collection that is over is swept");
        }
    }

    @Override
    public void durable(int records) {
        published.increment(records);
        producer.confirmed();
    }

    @Override
    public void stalled(Duration silence, String reason) {
        producer.stalled(silence, reason);
    }

    @Override
    public void idle() {
        producer.idle();
    }

    @Override
    public void waiting() throws InterruptedException {
        loop.beat();
        stop.check();
    }

    @Override
    public void confirmed(long nanos) {
        latency.record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void deadLetter(Namespace namespace, Position position, int bytes) {
        registry.counter("cdc.watcher.dead.letters", "namespace", namespace.toString()).increment();
        LOG.atError()
                .addKeyValue("namespace", namespace)
                .addKeyValue("token", timeOfToken(position))
                .log(
                        "a record of {} bytes is too large for Kafka; the dead-letter topic says which one",
                        bytes);
    }

    @Override
    public void died(Throwable cause) {
        stop.died(cause);
    }

    @Override
    public void saving() {
        saver.beat();
    }

    @Override
    public void saved(Position position) {
        saver.close();
        checkpoint.up();
        saves.increment();
    }

    @Override
    public void failed(Exception cause) {
        saver.close();
        checkpoint.down(cause.toString());
        saveFailures.increment();
        warning().setCause(cause).log("the checkpoint could not be saved, trying again");
    }

    @Override
    public void waiting(String what, int attempt, Throwable cause, Duration wait) {
        loop.beat();
        String reason = what + " failed: " + cause;
        Component part = part(what);
        if (part != null) {
            part.down(reason);
        }
        switch (what) {
            case "topic", "publish" -> producer.retrying(reason);
            case "session" -> producer.failed(cause);
            default -> {
                // Of another part.
            }
        }
        registry.counter("cdc.watcher.retries", "what", what, "cause", name(cause)).increment();
        LOG.warn(
                "{} failed, attempt {}, next one in {}: {}", what, attempt, wait, cause.toString());
    }

    @Override
    public void recovered(String what, int attempt) {
        switch (what) {
            case "topic", "publish" -> producer.recovered();
            case "look-up" -> capture.looksUp();
            case "mongodb", "checkpoint" ->
                    Objects.requireNonNull(part(what)).starting("its server answers again");
            default -> {
                // Says so itself.
            }
        }
    }

    /** What cannot work while this is tried again. */
    private @Nullable Component part(String what) {
        return switch (what) {
            case "mongodb", "change stream" -> capture.stream();
            case "look-up" -> capture.lookUps();
            case "checkpoint" -> checkpoint;
            case "lease" -> lease;
            default -> null;
        };
    }

    /** A warning that says up to where everything is durable. */
    private LoggingEventBuilder warning() {
        Position durable = gauges.durable();
        return durable == null
                ? LOG.atWarn()
                : LOG.atWarn().addKeyValue("token", timeOfToken(durable));
    }

    /**
     * What of a token may be in a log: the cluster time that it begins with, by which its event is
     * found. The rest holds the event's {@code _id} in clear (W10).
     */
    static String timeOfToken(Position position) {
        String hex = position.token().toHex();
        return hex.startsWith("82") && hex.length() >= TIME_DIGITS
                ? hex.substring(0, TIME_DIGITS)
                : Redaction.MASK;
    }

    /** The simple name of the first cause, as a label. */
    static String name(Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getClass().getSimpleName();
    }
}
