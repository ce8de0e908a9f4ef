package dev.cdcpipeline.platform.lifecycle;

import dev.cdcpipeline.platform.retry.Retry;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.Callable;

/**
 * A service that is made when that can go well: it waits first, as a service waits for its servers,
 * and a stop ends the wait.
 */
public final class LateService implements Service {
    private final StopSignal stop;
    private final Retry.Action awaited;
    private final Callable<Service> maker;
    private volatile @Nullable Service made;

    /**
     * @param stop ends the wait too; this service requests it
     * @param awaited returns when the service can be made; its waits end with {@code stop}
     * @param maker makes the service, once, on the thread that runs it
     */
    public LateService(StopSignal stop, Retry.Action awaited, Callable<Service> maker) {
        this.stop = stop;
        this.awaited = awaited;
        this.maker = maker;
    }

    @Override
    public void run() throws Exception {
        try {
            awaited.run();
            Service service = maker.call();
            made = service;
            // A stop from here on is told to the service, by stop() itself.
            stop.check();
            service.run();
        } catch (InterruptedException e) {
            if (!stop.isRequested()) {
                throw e;
            }
        }
    }

    @Override
    public void stop() {
        stop.request();
        Service service = made;
        if (service != null) {
            service.stop();
        }
    }

    @Override
    public void close() {
        Service service = made;
        if (service != null) {
            service.close();
        }
    }
}
