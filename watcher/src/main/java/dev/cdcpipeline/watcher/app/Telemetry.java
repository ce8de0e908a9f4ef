package dev.cdcpipeline.watcher.app;

import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.model.Position;
import dev.cdcpipeline.platform.health.Component;
import dev.cdcpipeline.platform.health.Health;
import dev.cdcpipeline.platform.health.Heartbeat;
import dev.cdcpipeline.platform.lifecycle.StopSignal;
import dev.cdcpipeline.platform.retry.RetryListener;
import dev.cdcpipeline.watcher.capture.CaptureListener;
import dev.cdcpipeline.watcher.capture.EventBatch;
import dev.cdcpipeline.watcher.checkpoint.SaveListener;
import dev.cdcpipeline.watcher.publish.AckTracker;
import dev.cdcpipeline.watcher.publish.PublishListener;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;

import org.bson.BsonTimestamp;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Turns what the parts say of themselves into metrics, health and the few log lines of an operator.
 */
final class Telemetry implements CaptureListener, PublishListener, SaveListener, RetryListener {
    private static final Logger LOG = LoggerFactory.getLogger(Telemetry.class);
    private static final Duration LOOP_DEADLINE = Duration.ofMinutes(2);

    /** A server that searches a long oplog for the next change of a narrow scope takes its time. */
    private static final Duration ANSWER_DEADLINE = Duration.ofMinutes(10);

    private record Label(Namespace namespace, String operation) {}

    private record Sent(Counter events, Counter bytes) {}

    private final MeterRegistry registry;
    private final StopSignal stop;
    private final Component stream;
    private final Component producer;
    private final Component checkpoint;
    private final Component lease;
    private final Gauges gauges;
    private final Timer latency;
    private final Heartbeat loop;
    private final Heartbeat reader;
    private final Heartbeat saver;
    private final Map<Label, Sent> sent = new HashMap<>();
    private final Counter captured;
    private final Counter capturedBytes;
    private final Counter published;
    private final Counter splitEvents;
    private final Counter nullLookUps;
    private final Counter saves;
    private final Counter saveFailures;

    /**
     * @param longestWait between two attempts, which is no hang
     */
    Telemetry(MeterRegistry registry, Health health, StopSignal stop, Duration longestWait) {
        this.registry = registry;
        this.stop = stop;
        this.stream = health.component("change stream");
        this.producer = health.component("producer");
        this.checkpoint = health.component("checkpoint");
        this.lease = health.component("lease");
        this.gauges = new Gauges(registry);
        health.measure(registry);
        this.latency =
                Timer.builder("cdc.watcher.publish.latency")
                        .description("From the hand-over to the producer to Kafka's confirmation")
                        .publishPercentileHistogram()
                        .register(registry);
        this.loop = health.heartbeat("publish loop", LOOP_DEADLINE.plus(longestWait));
        this.reader = health.heartbeat("change stream reader", ANSWER_DEADLINE);
        this.saver = health.heartbeat("checkpoint saver", LOOP_DEADLINE);
        this.captured = registry.counter("cdc.watcher.captured");
        this.capturedBytes = registry.counter("cdc.watcher.captured.bytes");
        this.published = registry.counter("cdc.watcher.published");
        this.splitEvents = registry.counter("cdc.watcher.split.events");
        this.nullLookUps = registry.counter("cdc.watcher.null.lookups");
        this.saves = registry.counter("cdc.watcher.checkpoint.saves");
        this.saveFailures = registry.counter("cdc.watcher.checkpoint.failures");
    }

    /** A session begins, which knows here what it has in flight. */
    void tracks(AckTracker tracker) {
        gauges.tracker(tracker);
    }

    /** The loop has made a turn. */
    void turn() {
        loop.beat();
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
        return List.of(stream, producer, checkpoint);
    }

    /** The oplog begins here. */
    void oldestInOplog(BsonTimestamp time) {
        gauges.oldestInOplog(time);
    }

    /** A producer was made. */
    void producing() {
        producer.up();
    }

    /** A session failed and another one follows. */
    void restarting(Exception cause) {
        producer.down(cause.toString());
        registry.counter("cdc.watcher.restarts", "cause", name(cause)).increment();
        warning().setCause(cause).log("publishing stopped and goes on from the durable position");
    }

    @Override
    public void connected() {
        stream.up();
    }

    @Override
    public void disconnected(Exception cause) {
        stream.down(cause.toString());
        registry.counter("cdc.watcher.reconnects", "cause", name(cause)).increment();
        warning().log("the change stream broke, opening it again: {}", cause.toString());
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
    public void asked() {
        reader.beat();
    }

    @Override
    public void unanswered() {
        reader.close();
    }

    @Override
    public void received(int count, int bytes) {
        reader.close();
        captured.increment(count);
        capturedBytes.increment(bytes);
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
                        "{} was renamed to {}: its documents are not copied under the new name, each one follows with its"
                                + " next change. To have them all, write to each of them, for example by"
                                + " updateMany({}, {$set: {copied: new Date()}})",
                        from,
                        to);
    }

    @Override
    public void durable(int records) {
        published.increment(records);
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
                .addKeyValue("token", position.token().toHex())
                .log(
                        "a record of {} bytes is too large for Kafka; the dead-letter topic says which one",
                        bytes);
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
        switch (what) {
            case "change stream" -> stream.down(cause.toString());
            case "topic", "publish" -> producer.down(cause.toString());
            default -> {
                // Comes before there is anything to be ready, or says so itself.
            }
        }
        registry.counter("cdc.watcher.retries", "what", what, "cause", name(cause)).increment();
        LOG.warn(
                "{} failed, attempt {}, next one in {}: {}", what, attempt, wait, cause.toString());
    }

    @Override
    public void recovered(String what, int attempt) {
        if (what.equals("topic") || what.equals("publish")) {
            producer.up();
        }
    }

    /** A warning that says up to where everything is durable. */
    private LoggingEventBuilder warning() {
        Position durable = gauges.durable();
        return durable == null
                ? LOG.atWarn()
                : LOG.atWarn().addKeyValue("token", durable.token().toHex());
    }

    private static String name(Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getClass().getSimpleName();
    }
}
