package dev.cdcpipeline.platform.retry;

import dev.cdcpipeline.platform.config.RetrySettings;

import java.util.random.RandomGenerator;

/** How long to wait after the n-th failure. */
final class Waits {

    private Waits() {}

    /**
     * The wait in milliseconds: at least 1, never above the cap, jitter included.
     *
     * @param attempt the number of the attempt that failed, from 1
     */
    static long millis(RetrySettings settings, int attempt, RandomGenerator random) {
        double cap = settings.max().toMillis();
        double exact =
                settings.initial().toMillis() * Math.pow(settings.multiplier(), attempt - 1.0);
        double capped = Math.min(exact, cap); // also when the power has overflowed to infinity
        double spread = capped * settings.jitter() * (2 * random.nextDouble() - 1);
        return Math.max(1, (long) Math.min(capped + spread, cap));
    }
}
