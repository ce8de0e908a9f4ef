package dev.cdcpipeline.syncer.support;

import dev.cdcpipeline.embedded.KafkaBroker;
import dev.cdcpipeline.platform.config.Configuration;
import dev.cdcpipeline.platform.health.Health;
import dev.cdcpipeline.platform.lifecycle.Service;
import dev.cdcpipeline.syncer.app.Syncer;
import dev.cdcpipeline.syncer.app.SyncerSettings;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** A Syncer that runs on a thread of this JVM, wired as in production. */
public final class RunningSyncer implements AutoCloseable {
    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final Health health = new Health();
    private final Service syncer;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    /** Starts one. */
    public RunningSyncer(Map<String, String> environment) {
        var settings = Configuration.load(SyncerSettings.class, null, environment);
        this.syncer = Syncer.service(settings, registry, health);
        Thread.ofPlatform().name("syncer").start(this::run);
    }

    private void run() {
        try {
            runAndClose();
            ended.complete(null);
        } catch (Throwable e) {
            ended.completeExceptionally(e);
        }
    }

    private void runAndClose() throws Exception {
        try (syncer) {
            syncer.run();
        }
    }

    /** The environment of a Syncer that applies topics by a pattern. */
    public static Map<String, String> environment(
            KafkaBroker broker, Database database, String topicPattern) {
        var environment = new HashMap<String, String>();
        environment.put("SYNCER_KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers());
        environment.put("SYNCER_KAFKA_TOPIC_PATTERN", topicPattern);
        environment.put("SYNCER_KAFKA_GROUP", "group-" + topicPattern.replace("[.].*", ""));
        environment.put("SYNCER_KAFKA_DISCOVERY_INTERVAL", "500ms");
        environment.put("SYNCER_POSTGRESQL_URL", database.url());
        environment.put("SYNCER_POSTGRESQL_USER", database.user());
        // The group soon forgets the dead, and those that stand still.
        environment.put("SYNCER_KAFKA_PROPERTIES_SESSION_TIMEOUT_MS", "3000");
        environment.put("SYNCER_KAFKA_PROPERTIES_HEARTBEAT_INTERVAL_MS", "500");
        environment.put("SYNCER_RETRY_INITIAL", "20ms");
        environment.put("SYNCER_RETRY_MAX", "200ms");
        return environment;
    }

    /** The value of a counter, all its tags together. */
    public double count(String name) {
        return registry.find(name).counters().stream().mapToDouble(c -> c.count()).sum();
    }

    /** The value of a counter with this tag. */
    public double count(String name, String tag, String value) {
        return registry.find(name).tag(tag, value).counters().stream()
                .mapToDouble(c -> c.count())
                .sum();
    }

    /** The value of a gauge. */
    public double gauge(String name) {
        return registry.get(name).gauge().value();
    }

    /** Its health. */
    public Health health() {
        return health;
    }

    /** Whether it has ended. */
    public boolean hasEnded() {
        return ended.isDone();
    }

    /** Waits for its end and returns what it failed with. */
    public Throwable failure() throws Exception {
        try {
            ended.get(60, TimeUnit.SECONDS);
            throw new AssertionError("it ended well");
        } catch (ExecutionException e) {
            return Objects.requireNonNull(e.getCause());
        }
    }

    /** Asks it to stop, as a signal does, and waits until it has. */
    public void stop() throws Exception {
        syncer.stop();
        ended.get(60, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        syncer.stop();
        // Whoever is interested in how it ended asks for failure().
        ended.handle((_, _) -> true).orTimeout(60, TimeUnit.SECONDS).join();
    }
}
