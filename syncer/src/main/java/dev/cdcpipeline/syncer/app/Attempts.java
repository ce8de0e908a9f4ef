package dev.cdcpipeline.syncer.app;

import dev.cdcpipeline.platform.failure.Classifier;
import dev.cdcpipeline.platform.health.Component;
import dev.cdcpipeline.platform.retry.RetryListener;
import dev.cdcpipeline.syncer.consume.SyncerFailures;
import dev.cdcpipeline.syncer.consume.SyncerMeters;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;

/** Tells of attempts that failed, and of their end: in the log, in metrics and in health. */
final class Attempts implements RetryListener {
    private static final Logger log = LoggerFactory.getLogger(Attempts.class);

    private final Component health;
    private final SyncerMeters meters;
    private final Classifier classifier = SyncerFailures.classifier();

    /**
     * @param health of what is tried
     */
    Attempts(Component health, SyncerMeters meters) {
        this.health = health;
        this.meters = meters;
    }

    @Override
    public void waiting(String what, int attempt, Throwable cause, Duration wait) {
        String failure = String.valueOf(classifier.failure(cause));
        health.down(what + " failed: " + said(cause) + " (" + failure + ")");
        meters.retried(failure);
        log.warn(
                "{} failed (attempt {}), trying again in {}: {}",
                what,
                attempt,
                wait,
                cause.toString());
    }

    /** A driver's own words are those of its first cause, at times. */
    private static String said(Throwable cause) {
        Throwable deepest = cause;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        String outer = String.valueOf(cause.getMessage());
        String inner = String.valueOf(deepest.getMessage());
        return outer.contains(inner) ? outer : outer + ": " + deepest;
    }

    /** What failed may have been the only work for hours: no other would say that it is well. */
    @Override
    public void recovered(String what, int attempt) {
        health.up();
        log.info("{} went well at attempt {}", what, attempt);
    }
}
