package dev.cdcpipeline.cli;

import dev.cdcpipeline.platform.lifecycle.Service;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.CountDownLatch;

/**
 * A Watcher and a Syncer as one service. A stop drains the Watcher first, then the Syncer; when one
 * fails, the other one is drained and the failure is that of the whole.
 */
final class PipelineService implements Service {
    private static final Logger LOG = LoggerFactory.getLogger(PipelineService.class);

    private final CountDownLatch anyEnded = new CountDownLatch(1);
    private final Side watcher;
    private final Side syncer;

    PipelineService(Service watcher, Service syncer) {
        this.watcher = new Side("watcher", watcher);
        this.syncer = new Side("syncer", syncer);
    }

    @Override
    public void run() throws Exception {
        watcher.start();
        syncer.start();
        anyEnded.await();
        watcher.stopAndJoin();
        syncer.stopAndJoin();
        Throwable failure = watcher.failure;
        Throwable other = syncer.failure;
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
        private final Thread thread;
        private volatile @Nullable Throwable failure;

        private Side(String name, Service service) {
            this.name = name;
            this.service = service;
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
                LOG.warn("the {} has failed; what runs beside it is drained", name);
            } finally {
                anyEnded.countDown();
            }
        }

        private void stopAndJoin() throws InterruptedException {
            service.stop();
            thread.join();
        }
    }
}
