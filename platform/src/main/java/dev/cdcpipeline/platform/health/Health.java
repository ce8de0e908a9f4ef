package dev.cdcpipeline.platform.health;

import dev.cdcpipeline.platform.lifecycle.Lifecycle;
import dev.cdcpipeline.platform.lifecycle.ServiceState;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.LongSupplier;

/**
 * What works and what does not. A service is <em>ready</em> when every {@linkplain #component
 * component} is up or stands by, and <em>live</em> while every {@linkplain #heartbeat heartbeat}
 * comes in time. Thread-safe.
 */
public final class Health {
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final Lifecycle lifecycle;
    private final Map<String, Component> components = new ConcurrentSkipListMap<>();
    private final Map<String, Heartbeat> heartbeats = new ConcurrentSkipListMap<>();

    /** Health by the system's clocks. */
    public Health() {
        this(InstantSource.system(), System::nanoTime);
    }

    /**
     * Health by given clocks.
     *
     * @param clock says since when
     * @param nanoTime measures the time between heartbeats; unlike a clock it is never set
     */
    public Health(InstantSource clock, LongSupplier nanoTime) {
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.lifecycle = new Lifecycle(clock);
    }

    /** What the service is doing. */
    public Lifecycle lifecycle() {
        return lifecycle;
    }

    /** The component of this name, {@code mongodb}; new ones are starting. */
    public Component component(String name) {
        return components.computeIfAbsent(name, key -> new Component(key, clock, nanoTime));
    }

    /**
     * The heartbeat of a loop of this name; watched from its first beat on.
     *
     * @param deadline how long one turn of the loop may take
     */
    public Heartbeat heartbeat(String name, Duration deadline) {
        return heartbeats.computeIfAbsent(name, key -> new Heartbeat(key, deadline, nanoTime));
    }

    /**
     * Has a registry tell whether the service is ready, and whether it is live: 1 if so, else 0.
     * Whoever reads the metrics asks for the health then, so the watchdog works without probes too.
     */
    public void measure(MeterRegistry registry) {
        Gauge.builder("cdc.service.ready", this, health -> health.report().ready() ? 1 : 0)
                .description("1 if every component works or stands by")
                .register(registry);
        Gauge.builder("cdc.service.live", this, health -> health.report().live() ? 1 : 0)
                .description("1 if no loop is stuck")
                .register(registry);
        ServiceState.LABELS.forEach(label -> measure(registry, label));
    }

    private void measure(MeterRegistry registry, String label) {
        Gauge.builder(
                        "cdc.service.state",
                        lifecycle,
                        now -> now.phase().state().label().equals(label) ? 1 : 0)
                .description("1 for the current state of the service, 0 for all others")
                .tag("state", label)
                .register(registry);
    }

    /** Everything as it is now. */
    public HealthReport report() {
        Instant now = clock.instant();
        return HealthReport.of(
                now,
                lifecycle.phase(),
                components.values().stream().map(each -> each.status(now)).toList(),
                heartbeats.values().stream().map(Heartbeat::status).toList());
    }
}
