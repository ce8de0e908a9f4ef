package dev.cdcpipeline.cli;

/** The least configuration that a service runs with, as the help of its commands shows it. */
final class MinimalConfig {
    static final String WATCHER =
            """
              watcher:
                mongodb:
                  uri: mongodb://localhost/?replicaSet=rs0
                scope:
                  include: shop.*
                kafka:
                  bootstrap-servers: localhost:9092""";

    static final String SYNCER =
            """
              syncer:
                kafka:
                  bootstrap-servers: localhost:9092
                  topic-pattern: cdc[.]shop[.].*
                postgresql:
                  url: jdbc:postgresql://localhost:5432/app
                  user: cdc""";

    private MinimalConfig() {}
}
