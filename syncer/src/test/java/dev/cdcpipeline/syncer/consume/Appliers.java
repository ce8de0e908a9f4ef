package dev.cdcpipeline.syncer.consume;

import dev.cdcpipeline.model.wire.DocumentRenderer;
import dev.cdcpipeline.platform.config.RetrySettings;
import dev.cdcpipeline.platform.retry.Retry;
import dev.cdcpipeline.platform.retry.RetryListener;
import dev.cdcpipeline.syncer.deadletter.DeadLetterRate;
import dev.cdcpipeline.syncer.deadletter.DeadLetters;
import dev.cdcpipeline.syncer.plan.Planner;
import dev.cdcpipeline.syncer.schema.TableNames;
import dev.cdcpipeline.syncer.write.BatchStore;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;

/** Makes appliers that write where a test says. */
final class Appliers {
    private Appliers() {}

    /** One that takes any share of dead letters. */
    static Applier applier(BatchStore store, DeadLetters letters, Inbox inbox) {
        var names = new TableNames("{db}", "{collection}", Map.of());
        var backoff = new RetrySettings(Duration.ofMillis(1), Duration.ofMillis(1), 1, 0, 0);
        var writing =
                new Writing(
                        () -> new Planner(names, DocumentRenderer.plain()::render),
                        store,
                        letters,
                        new DeadLetterRate(10, 1),
                        new Retry(
                                backoff, SyncerFailures.classifier()::reaction, RetryListener.NONE),
                        topic -> 1);
        var meters = new SyncerMeters(new SimpleMeterRegistry(), InstantSource.system());
        return new Applier(writing, inbox, meters, new StrayLetters(meters));
    }
}
