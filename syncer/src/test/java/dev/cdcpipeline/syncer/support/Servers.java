package dev.cdcpipeline.syncer.support;

import dev.cdcpipeline.embedded.KafkaBroker;
import dev.cdcpipeline.embedded.PostgresServer;

/**
 * The servers that tests share which do not stop them; started by the first test that needs them.
 */
public final class Servers {
    private Servers() {}

    private static final class Kafka {
        static final KafkaBroker BROKER = KafkaBroker.start();
    }

    private static final class Postgres {
        static final PostgresServer SERVER = PostgresServer.start();
    }

    /** A running broker. */
    public static KafkaBroker kafka() {
        return Kafka.BROKER;
    }

    /** A running server. */
    public static PostgresServer postgres() {
        return Postgres.SERVER;
    }
}
