package dev.cdcpipeline.platform.lifecycle;

import dev.cdcpipeline.platform.failure.Explained;
import dev.cdcpipeline.platform.retry.Retry;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.Callable;

/**
 * A service that is created once that can succeed: it waits first, as a service waits for its
 * servers, and a stop ends the wait.
 */
public final class DeferredService implements Service {
    private final StopSignal stop;
    private final Lifecycle lifecycle;
    private final Retry.Action awaited;
    private final Callable<Service> factory;
    private volatile @Nullable Service service;

    /**
     * @param stop ends the wait and the service; this service requests it
     * @param lifecycle is told of the end
     * @param awaited returns when the service can be created; its waits end with {@code stop}
     * @param factory creates the service, once, on the thread that runs it
     */
    public DeferredService(
            StopSignal stop, Lifecycle lifecycle, Retry.Action awaited, Callable<Service> factory) {
        this.stop = stop;
        this.lifecycle = lifecycle;
        this.awaited = awaited;
        this.factory = factory;
    }

    @Override
    public void run() throws Exception {
        try {
            runUntilStopped();
            lifecycle.enter(new ServiceState.Stopped(""));
        } catch (Throwable e) {
            lifecycle.enter(new ServiceState.Stopped(reason(e)));
            throw e;
        }
    }

    private void runUntilStopped() throws Exception {
        try {
            awaited.run();
            Service created = factory.call();
            service = created;
            // From here on stop() passes a stop on to the service.
            stop.check();
            created.run();
        } catch (InterruptedException e) {
            if (!stop.isRequested()) {
                throw e;
            }
        }
    }

    private static String reason(Throwable thrown) {
        return Explained.in(thrown).map(Explained::getMessage).orElseGet(thrown::toString);
    }

    @Override
    public void stop() {
        stop.request();
        Service created = service;
        if (created != null) {
            created.stop();
        }
    }

    @Override
    public void close() {
        Service created = service;
        if (created != null) {
            created.close();
        }
    }
}
