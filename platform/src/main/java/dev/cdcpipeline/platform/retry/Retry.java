package dev.cdcpipeline.platform.retry;

import dev.cdcpipeline.platform.config.RetrySettings;
import dev.cdcpipeline.platform.failure.Reaction;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Tries again what may pass: waits {@code initial}, then {@code multiplier} times as long each
 * time, spread by {@code jitter}, never longer than {@code max}, until it works, the failure is not
 * to be retried, or the attempts are used up. Thread-safe if classifier, sleeper, random generator
 * and listener are.
 */
public final class Retry {
    private final RetrySettings settings;
    private final Function<Throwable, Reaction> classifier;
    private final RetryListener listener;
    private final Sleeper sleeper;
    private final RandomGenerator random;

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
        this.settings = settings;
        this.classifier = classifier;
        this.random = random;
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
        for (int attempt = 1; ; attempt++) {
            try {
                T result = action.call();
                if (attempt > 1) {
                    listener.recovered(what, attempt);
                }
                return result;
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                if (attempt == settings.maxAttempts() || classifier.apply(e) != Reaction.RETRY) {
                    throw e;
                }
                var duration = Duration.ofMillis(Waits.millis(settings, attempt, random));
                listener.waiting(what, attempt, e, duration);
                sleeper.sleep(duration);
            }
        }
    }
}
