package dev.cdcpipeline.demo;

import java.time.Duration;
import java.util.List;

/**
 * The whole pipeline: the servers, and the Watcher and the Syncer as processes of their own.
 *
 * @param servers what the services connect
 * @param watcher MongoDB to Kafka
 * @param syncer Kafka to PostgreSQL
 */
public record Pipeline(Servers servers, ServiceProcess watcher, ServiceProcess syncer)
        implements AutoCloseable {

    private static final Duration READY_LIMIT = Duration.ofSeconds(60);

    /** As in production. */
    private static final Duration SESSION = Duration.ofSeconds(10);

    /**
     * Starts both services on running servers and waits until the Watcher is ready. Closing the
     * pipeline closes the servers.
     *
     * @throws IllegalStateException with the last lines of its log, when a service does not start
     */
    public static Pipeline start(Servers servers) {
        return start(servers, SESSION);
    }

    /**
     * Starts both services on running servers and waits until the Watcher is ready. Closing the
     * pipeline closes the servers.
     *
     * @param session how long Kafka keeps the partitions of a Syncer that was killed, before it
     *     gives them to the next one
     * @throws IllegalStateException with the last lines of its log, when a service does not start
     */
    public static Pipeline start(Servers servers, Duration session) {
        var pipeline =
                new Pipeline(servers, new ServiceProcess("watcher"), new ServiceProcess("syncer"));
        try {
            pipeline.watcher.start(ServiceConfiguration.watcher(servers, pipeline.watcher));
            pipeline.syncer.start(ServiceConfiguration.syncer(servers, pipeline.syncer, session));
            pipeline.watcher.awaitReady(READY_LIMIT);
            // It becomes ready only with the first topic, which the Watcher creates for the first
            // event.
            pipeline.syncer.awaitLive(READY_LIMIT);
            return pipeline;
        } catch (RuntimeException e) {
            pipeline.close();
            throw e;
        }
    }

    /** Both services. */
    public List<ServiceProcess> services() {
        return List.of(watcher, syncer);
    }

    @Override
    public void close() {
        try (servers;
                syncer;
                watcher) {
            // Closed in reverse order, all of them, whatever fails.
        }
    }
}
