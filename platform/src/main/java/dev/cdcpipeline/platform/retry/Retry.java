package dev.cdcpipeline.platform.retry;

import dev.cdcpipeline.platform.config.RetrySettings;
import dev.cdcpipeline.platform.failure.Reaction;

import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry.AsyncContext;
import io.github.resilience4j.retry.RetryConfig;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Tries again what may pass: waits {@code initial}, then {@code multiplier} times as long each
 * time, spread by {@code jitter}, never longer than {@code max}, until it works, the failure is not
 * to be retried, or the attempts are used up. Resilience4j keeps the count and the rules; the
 * waiting is the caller's. Thread-safe if sleeper, random generator and listener are.
 */
public final class Retry {
    private final io.github.resilience4j.retry.Retry policy;
    private final RetryListener listener;
    private final Sleeper sleeper;

    /** A retry that waits on the thread. */
    public Retry(
            RetrySettings settings,
            Function<Throwable, Reaction> classifier,
            RetryListener listener) {
        this(settings, classifier, listener, Sleeper.THREAD, RandomGenerator.getDefault());
    }

    /**
     * A retry with everything given.
     *
     * @param classifier only what it calls {@link Reaction#RETRY} is tried again
     */
    public Retry(
            RetrySettings settings,
            Function<Throwable, Reaction> classifier,
            RetryListener listener,
            Sleeper sleeper,
            RandomGenerator random) {
        this.listener = listener;
        this.sleeper = sleeper;
        this.policy =
                io.github.resilience4j.retry.Retry.of(
                        "retry",
                        RetryConfig.custom()
                                .maxAttempts(attempts(settings.maxAttempts()))
                                .intervalFunction(intervals(settings, random))
                                .retryOnException(
                                        thrown -> classifier.apply(thrown) == Reaction.RETRY)
                                .build());
    }

    /** Something to try that returns nothing. */
    @FunctionalInterface
    public interface Action {
        /** Tries it. */
        void run() throws Exception;
    }

    /** Like {@link #call} for something that returns nothing. */
    public void run(String what, Action action) throws Exception {
        call(
                what,
                () -> {
                    action.run();
                    return "";
                });
    }

    /**
     * Tries until it works.
     *
     * @param what its name, for the listener
     * @throws Exception the last failure, if it is not to be retried or the attempts are used up
     * @throws InterruptedException if a wait was ended
     */
    public <T> T call(String what, Callable<T> action) throws Exception {
        AsyncContext<T> context = policy.asyncContext();
        for (int attempt = 1; ; attempt++) {
            try {
                T result = action.call();
                context.onComplete();
                if (attempt > 1) {
                    listener.recovered(what, attempt);
                }
                return result;
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                long wait = context.onError(e);
                if (wait < 0) {
                    throw e;
                }
                var duration = Duration.ofMillis(wait);
                listener.waiting(what, attempt, e, duration);
                sleeper.sleep(duration);
            }
        }
    }

    private static int attempts(int max) {
        return max == 0 ? Integer.MAX_VALUE : max;
    }

    private static IntervalFunction intervals(RetrySettings settings, RandomGenerator random) {
        return attempt -> Waits.millis(settings, attempt, random);
    }
}
