package dev.cdcpipeline.platform.lifecycle;

import dev.cdcpipeline.platform.config.ShutdownSettings;
import dev.cdcpipeline.platform.failure.Explained;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Runs one service, once, until it ends, fails, or a signal asks it to stop, and says with which
 * exit code the process should end.
 *
 * <p>The first SIGTERM or SIGINT stops the service and gives it until the deadline to drain and
 * close; a second one ends the process at once with {@link ExitCode#FORCED}.
 */
public final class ServiceRunner {
    private static final Logger log = LoggerFactory.getLogger(ServiceRunner.class);

    private final ShutdownSettings settings;
    private final CountDownLatch ending = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicBoolean signalled = new AtomicBoolean();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    /** A runner that allows the time in the settings for a stop. */
    public ServiceRunner(ShutdownSettings settings) {
        this.settings = settings;
    }

    /**
     * Runs the service on a thread of its own and closes it there. The result must be passed to
     * {@code System.exit}: threads that missed the deadline may still run.
     *
     * @param name what the service and its thread are called
     * @throws InterruptedException if this thread was interrupted while it waited
     */
    public ExitCode run(String name, Service service) throws InterruptedException {
        try (var _ = OutOfMemory.endsTheProcess();
                var _ = Signals.on(signal -> heard(signal, service))) {
            var thread = Thread.ofPlatform().name(name).start(() -> runAndClose(service));
            ending.await();
            if (!ended.await(settings.deadline().toMillis(), TimeUnit.MILLISECONDS)) {
                reportLate(thread);
                var thrown = failure.get();
                return thrown == null ? ExitCode.DEADLINE : failed(name, thrown);
            }
        }
        var thrown = failure.get();
        if (thrown != null) {
            return failed(name, thrown);
        }
        log.info("{} stopped", name);
        return ExitCode.OK;
    }

    private static ExitCode failed(String name, Throwable thrown) {
        if (OutOfMemory.isCauseOf(thrown)) {
            log.error("{} stopped: {}", name, OutOfMemory.SENTENCE, thrown);
            return ExitCode.OUT_OF_MEMORY;
        }
        report(name, thrown);
        return thrown instanceof NotDrainedException ? ExitCode.DEADLINE : ExitCode.FAILED;
    }

    /** What is explained needs no stack trace; anything else nobody thought of. */
    private static void report(String name, Throwable thrown) {
        Explained.in(thrown)
                .ifPresentOrElse(
                        explained -> {
                            log.error("{} stopped: {}", name, explained.getMessage());
                            log.debug("what {} was stopped by", name, thrown);
                        },
                        () -> log.error("{} stopped by a failure", name, thrown));
    }

    private void runAndClose(Service service) {
        try (service) {
            runOnly(service);
        } catch (Throwable e) {
            var first = failure.compareAndExchange(null, e);
            if (first != null) {
                first.addSuppressed(e);
            }
        } finally {
            ended.countDown();
        }
    }

    /** Tells of the end before the service is closed, so that a close that hangs is bounded too. */
    private void runOnly(Service service) {
        try {
            service.run();
        } catch (Throwable e) {
            failure.set(e);
        } finally {
            ending.countDown();
        }
    }

    /** On the JVM's signal thread. */
    private void heard(String signal, Service service) {
        if (!signalled.compareAndSet(false, true)) {
            Runtime.getRuntime().halt(ExitCode.FORCED.value());
        }
        log.info(
                "{}: stopping; {} to finish what is in flight, a second signal ends at once",
                signal,
                settings.deadline());
        try {
            service.stop();
        } finally {
            ending.countDown();
        }
    }

    private void reportLate(Thread thread) {
        var where = new IllegalStateException("what it was doing when the deadline passed");
        where.setStackTrace(thread.getStackTrace());
        log.error(
                "{} did not finish within {}; what was in flight is delivered again at the next"
                        + " start",
                thread.getName(),
                settings.deadline(),
                where);
    }
}
