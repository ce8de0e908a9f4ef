package dev.cdcpipeline.cli;

import dev.cdcpipeline.platform.failure.Explained;
import dev.cdcpipeline.platform.lifecycle.NotDrainedException;
import dev.cdcpipeline.platform.lifecycle.Service;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * A Watcher and a Syncer as one service. A stop drains the Watcher first, then the Syncer; when one
 * fails, the other one is drained within its own deadline and the failure is that of the whole.
 */
final class PipelineService implements Service {
    private static final Logger LOG = LoggerFactory.getLogger(PipelineService.class);

    private final CountDownLatch anyEnded = new CountDownLatch(1);
    private final Side watcher;
    private final Side syncer;

    /** Both, and how long each may drain after the other one has failed. */
    PipelineService(
            Service watcher, Duration watcherDeadline, Service syncer, Duration syncerDeadline) {
        this.watcher = new Side("watcher", watcher, watcherDeadline);
        this.syncer = new Side("syncer", syncer, syncerDeadline);
    }

    @Override
    public void run() throws Exception {
        watcher.start();
        syncer.start();
        anyEnded.await();
        if (watcher.failure == null && syncer.failure == null) {
            watcher.stopAndJoin(); // a stop, whose deadline is the runner's
            syncer.stopAndJoin();
        } else {
            watcher.stopAndJoinInTime();
            syncer.stopAndJoinInTime();
        }
        Throwable failure = watcher.failure;
        Throwable other = syncer.failure;
        if (failure instanceof NotDrainedException left && other != null) {
            failure = other; // What was left tells less than why.
            other = left;
        }
        if (failure == null) {
            failure = other;
        } else if (other != null) {
            failure.addSuppressed(other);
        }
        switch (failure) {
            case null -> {
                // Both have drained.
            }
            case Exception exception -> throw exception;
            case Error error -> throw error;
            default -> throw new IllegalStateException(failure);
        }
    }

    /** The Watcher only: its end is what stops the Syncer. */
    @Override
    public void stop() {
        watcher.service.stop();
    }

    @Override
    public void close() {
        try (var _ = syncer.service;
                var _ = watcher.service) {
            // Closed in the order in which they were drained.
        }
    }

    /** One of the services on a thread of its own. */
    private final class Side {
        private final String name;
        private final Service service;
        private final Duration deadline;
        private final Thread thread;
        private volatile @Nullable Throwable failure;

        private Side(String name, Service service, Duration deadline) {
            this.name = name;
            this.service = service;
            this.deadline = deadline;
            this.thread = Thread.ofPlatform().name(name).unstarted(this::run);
        }

        private void start() {
            thread.start();
        }

        private void run() {
            try {
                service.run();
                LOG.info("{} drained", name);
            } catch (Throwable e) {
                failure = e;
                LOG.warn(
                        "the {} has failed, and what runs beside it is drained: {}",
                        name,
                        sentence(e));
            } finally {
                anyEnded.countDown();
            }
        }

        private void stopAndJoin() throws InterruptedException {
            service.stop();
            thread.join();
        }

        /** No signal has set the runner's deadline, and a drain may wait for a server for ever. */
        private void stopAndJoinInTime() throws InterruptedException {
            service.stop();
            if (!thread.join(deadline)) {
                LOG.warn(
                        "the {} did not drain within {}; what was in flight is delivered again at"
                                + " the next start",
                        name,
                        deadline);
            }
        }
    }

    /** One line: the rest, with the stack trace, is told at the end. */
    private static String sentence(Throwable thrown) {
        return Explained.in(thrown)
                .map(Explained::getMessage)
                .or(() -> thrown.toString().lines().findFirst())
                .orElse("");
    }
}
