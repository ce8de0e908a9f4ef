package dev.cdcpipeline.watcher.app;

import dev.cdcpipeline.model.Position;
import dev.cdcpipeline.platform.health.Component;
import dev.cdcpipeline.watcher.publish.PublishException;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;

/**
 * Whether Kafka takes what is published. After a failure a new producer alone is no good sign: it
 * is well again when something is confirmed, or nothing waits for it. Thread-safe.
 */
final class ProducerHealth {
    private static final Logger LOG = LoggerFactory.getLogger(ProducerHealth.class);
    private static final long NEVER = 0;

    private final Component component;
    private volatile long stalledSince = NEVER;
    private volatile boolean troubled;
    private volatile boolean retrying;
    private volatile @Nullable Position durable;

    ProducerHealth(Component component, MeterRegistry registry) {
        this.component = component;
        Gauge.builder("cdc.watcher.unconfirmed.seconds", this, ProducerHealth::stalledSeconds)
                .description("How long Kafka has acknowledged nothing, once over the time limit")
                .register(registry);
    }

    private double stalledSeconds() {
        long since = stalledSince;
        return since == NEVER ? 0 : (System.nanoTime() - since) / 1e9;
    }

    /** What health tells of it. */
    Component component() {
        return component;
    }

    /**
     * A session begins.
     *
     * @param from the durable position that it goes on after
     */
    void begins(@Nullable Position from) {
        durable = from;
        retrying = false;
        if (troubled) {
            component.starting(
                    "publishing starts over from the durable position: " + component.reason());
        } else {
            component.up();
        }
    }

    /** A session has ended by a failure. */
    void failed(Throwable cause) {
        Throwable said =
                cause instanceof PublishException && cause.getCause() != null
                        ? cause.getCause()
                        : cause;
        troubled = true;
        component.down(said.toString());
    }

    /** Nothing was confirmed for too long. */
    void stalled(Duration silence, String reason) {
        troubled = true;
        if (stalledSince == NEVER) {
            stalledSince = System.nanoTime() - silence.toNanos();
            LOG.warn("{}", reason);
        }
        component.down(reason);
    }

    /** Something was confirmed. */
    void confirmed() {
        if (troubled) {
            well();
        }
    }

    /** Everything up to a position is durable, also without a record. */
    void reached(@Nullable Position now) {
        if (troubled && now != null && !now.equals(durable)) {
            well();
        }
        durable = now;
    }

    /** Nothing has waited for a confirmation for a while. */
    void idle() {
        if (troubled && !retrying) {
            well();
        }
    }

    /** An attempt failed, and is repeated within the session. */
    void retrying(String reason) {
        retrying = true;
        component.down(reason);
    }

    /** An attempt after failed ones went well. */
    void recovered() {
        retrying = false;
        if (!troubled) {
            component.up();
        }
    }

    private void well() {
        troubled = false;
        if (stalledSince != NEVER) {
            stalledSince = NEVER;
            LOG.info("Kafka confirms again");
        }
        component.up();
    }
}
