package dev.cdcpipeline.demo;

import dev.cdcpipeline.embedded.PostgresServer;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Writes the services' configuration files, as an operator would. */
final class ServiceConfiguration {

    private static final int PARTITIONS = 4;

    private ServiceConfiguration() {}

    static String watcher(Servers servers, ServiceProcess watcher) {
        return """
                watcher:
                  mongodb:
                    uri: "%s"
                  scope:
                    include: "%s.*"
                  start: "%s"
                  kafka:
                    bootstrap-servers: "%s"
                  topic:
                    partitions: %d
                  checkpoint:
                    file:
                      path: "%s"
                  http:
                    host: 127.0.0.1
                    port: %d
                """
                .formatted(
                        servers.mongo().uri(),
                        ShopWorkload.DATABASE,
                        // A Watcher killed before its first checkpoint starts here again.
                        Instant.now().minusSeconds(1).truncatedTo(ChronoUnit.SECONDS),
                        servers.kafka().bootstrapServers(),
                        PARTITIONS,
                        watcher.folder().resolve("checkpoint"),
                        watcher.httpPort());
    }

    static String syncer(Servers servers, ServiceProcess syncer, Duration session) {
        PostgresServer postgres = servers.postgres();
        return """
                syncer:
                  kafka:
                    bootstrap-servers: "%s"
                    topic-pattern: "cdc[.]%s[.].*"
                    discovery-interval: 500ms
                    properties:
                      session.timeout.ms: "%d"
                      heartbeat.interval.ms: "%d"
                  postgresql:
                    url: "%s"
                    user: "%s"
                  http:
                    host: 127.0.0.1
                    port: %d
                """
                .formatted(
                        servers.kafka().bootstrapServers(),
                        ShopWorkload.DATABASE,
                        session.toMillis(),
                        session.dividedBy(3).toMillis(),
                        postgres.jdbcUrl(),
                        postgres.user(),
                        syncer.httpPort());
    }
}
