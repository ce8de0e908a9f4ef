package dev.cdcpipeline.platform.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.TimeUnit;

/**
 * Reads what a service has measured. A meter that does not exist yet has counted nothing.
 *
 * @param registry holds the meters
 */
public record MeterReader(MeterRegistry registry) {

    /** The sum of a counter over all its tags. */
    public long total(String counter) {
        return Math.round(
                registry.find(counter).counters().stream().mapToDouble(Counter::count).sum());
    }

    /** The value of a gauge; null while it has none. */
    public @Nullable Double value(String gauge) {
        Gauge found = registry.find(gauge).gauge();
        double value = found == null ? Double.NaN : found.value();
        return Double.isNaN(value) ? null : value;
    }

    /** The sum of what a summary has measured, over all its tags. */
    public long amount(String summary) {
        return Math.round(
                registry.find(summary).summaries().stream()
                        .mapToDouble(DistributionSummary::totalAmount)
                        .sum());
    }

    /** How often a timer has measured, over all its tags. */
    public long count(String timer) {
        return registry.find(timer).timers().stream().mapToLong(Timer::count).sum();
    }

    /** The sum of what a timer has measured, in seconds. */
    public double seconds(String timer) {
        return registry.find(timer).timers().stream()
                .mapToDouble(each -> each.totalTime(TimeUnit.NANOSECONDS) / 1e9)
                .sum();
    }
}
