package dev.cdcpipeline.watcher.app;

import static org.awaitility.Awaitility.await;

import dev.cdcpipeline.platform.config.Configuration;
import dev.cdcpipeline.platform.health.Health;
import dev.cdcpipeline.platform.lifecycle.Service;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A Watcher on a thread of its own, as in production but for the process. */
final class RunningWatcher implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Health health = new Health();
    private final Service watcher;
    private final Thread thread;
    private volatile @Nullable Exception failure;

    private RunningWatcher(Map<String, String> environment) {
        WatcherSettings settings = Configuration.load(WatcherSettings.class, null, environment);
        this.watcher = Parts.watcher(settings, registry, health);
        this.thread = Thread.ofPlatform().name("watcher-under-test").start(this::run);
    }

    /** Starts a Watcher configured by environment variables. */
    static RunningWatcher start(Map<String, String> environment) {
        return new RunningWatcher(environment);
    }

    /** Starts a Watcher and waits until it is ready. */
    static RunningWatcher startReady(Map<String, String> environment) {
        RunningWatcher started = start(environment);
        await().atMost(PATIENCE).until(started::ready);
        return started;
    }

    private void run() {
        try {
            watcher.run();
        } catch (Exception e) {
            failure = e;
        }
    }

    boolean ready() {
        return health.report().ready();
    }

    /** What {@code /health} would answer. */
    String health() {
        return health.report().toJson();
    }

    /** Why it stopped by itself; waits for that. */
    Exception awaitFailure() throws InterruptedException {
        thread.join(PATIENCE);
        Exception found = failure;
        if (found == null) {
            throw new AssertionError(
                    "the Watcher " + (thread.isAlive() ? "still runs" : "stopped without failing"));
        }
        return found;
    }

    /** Why it stopped, null when it has not failed. */
    @Nullable Exception failure() {
        return failure;
    }

    double count(String counter) {
        return registry.find(counter).counters().stream().mapToDouble(Counter::count).sum();
    }

    /** Waits until the counter, which follows what it counts a little later, has the value. */
    void awaitCount(String counter, double value) {
        await(counter).atMost(PATIENCE).until(() -> count(counter), found -> found == value);
    }

    /** Waits until the counter has at least the value. */
    void awaitAtLeast(String counter, double value) {
        await(counter).atMost(PATIENCE).until(() -> count(counter) >= value);
    }

    List<Meter> meters() {
        return registry.getMeters();
    }

    double gauge(String name) {
        return registry.get(name).gauge().value();
    }

    /** Stops it as a signal does, and waits until it has drained. */
    void stop() throws InterruptedException {
        watcher.stop();
        thread.join(PATIENCE);
        if (thread.isAlive()) {
            throw new AssertionError("the Watcher did not stop within " + PATIENCE);
        }
    }

    /** Ends it without draining, as near to a kill as a thread can come. */
    void kill() throws InterruptedException {
        watcher.close();
        watcher.stop();
        thread.interrupt();
        thread.join(PATIENCE);
        watcher.close(); // What it had opened meanwhile.
    }

    @Override
    public void close() {
        try {
            stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            watcher.close();
        }
    }
}
