package dev.cdcpipeline.tests;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.cdcpipeline.platform.config.Configuration;
import dev.cdcpipeline.platform.health.Health;
import dev.cdcpipeline.platform.lifecycle.Service;
import dev.cdcpipeline.platform.metrics.Metrics;
import dev.cdcpipeline.syncer.app.Syncer;
import dev.cdcpipeline.syncer.app.SyncerSettings;
import dev.cdcpipeline.watcher.app.Parts;
import dev.cdcpipeline.watcher.app.WatcherSettings;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** One of the services in this JVM, wired as in production. */
public final class RunningService implements AutoCloseable {
    /** What it measures. */
    public final Metrics metrics = new Metrics();

    /** How it is. */
    public final Health health;

    private final Service service;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    private RunningService(String name, Map<String, String> environment, Health health) {
        this.health = health;
        service =
                switch (name) {
                    case "watcher" ->
                            Parts.watcher(
                                    Configuration.load(WatcherSettings.class, null, environment),
                                    metrics.registry(),
                                    health);
                    case "syncer" ->
                            Syncer.service(
                                    Configuration.load(SyncerSettings.class, null, environment),
                                    metrics.registry(),
                                    health);
                    default -> throw new IllegalArgumentException(name);
                };
        Thread.ofPlatform().name(name).start(this::run);
    }

    /** Starts a Watcher. */
    public static RunningService watcher(Map<String, String> environment) {
        return watcher(environment, new Health());
    }

    /** Starts a Watcher whose health is told here. */
    static RunningService watcher(Map<String, String> environment, Health health) {
        return new RunningService("watcher", environment, health);
    }

    /** Starts a Syncer. */
    public static RunningService syncer(Map<String, String> environment) {
        return syncer(environment, new Health());
    }

    /** Starts a Syncer whose health is told here. */
    static RunningService syncer(Map<String, String> environment, Health health) {
        return new RunningService("syncer", environment, health);
    }

    private void run() {
        try (service) {
            service.run();
            ended.complete(null);
        } catch (Throwable e) {
            ended.completeExceptionally(e);
        }
    }

    /** Fails with what it stopped by, if it has stopped. */
    public void assertRunning() {
        if (ended.isCompletedExceptionally()) {
            ended.join();
        }
    }

    /** Whether every part works. */
    public boolean ready() {
        return health.report().ready();
    }

    /** Waits until it has stopped by itself, and returns why. */
    public Throwable failure() throws Exception {
        try {
            ended.get(60, SECONDS);
            throw new AssertionError("it ended well");
        } catch (ExecutionException e) {
            return Objects.requireNonNull(e.getCause());
        }
    }

    @Override
    public void close() {
        service.stop();
        ended.handle((_, _) -> true).orTimeout(60, SECONDS).join();
        metrics.close();
    }
}
