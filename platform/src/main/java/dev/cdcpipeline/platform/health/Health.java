package dev.cdcpipeline.platform.health;

import java.time.Duration;
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
    }

    /** The component of this name, {@code mongodb}; new ones are starting. */
    public Component component(String name) {
        return components.computeIfAbsent(name, key -> new Component(key, clock));
    }

    /**
     * The heartbeat of a loop of this name; watched from its first beat on.
     *
     * @param deadline how long one turn of the loop may take
     */
    public Heartbeat heartbeat(String name, Duration deadline) {
        return heartbeats.computeIfAbsent(name, key -> new Heartbeat(key, deadline, nanoTime));
    }

    /** Everything as it is now. */
    public HealthReport report() {
        return new HealthReport(
                components.values().stream().map(Component::status).toList(),
                heartbeats.values().stream().map(Heartbeat::status).toList(),
                clock.instant());
    }
}
