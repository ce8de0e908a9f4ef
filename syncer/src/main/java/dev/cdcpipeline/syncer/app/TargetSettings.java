package dev.cdcpipeline.syncer.app;

import dev.cdcpipeline.platform.config.Description;
import dev.cdcpipeline.platform.config.Example;
import dev.cdcpipeline.platform.config.Matches;
import dev.cdcpipeline.platform.config.Range;
import dev.cdcpipeline.platform.secret.Secret;

import io.smallrye.config.WithDefault;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** PostgreSQL as the target. */
public interface TargetSettings {

    /** The JDBC URL. */
    @Description("JDBC URL of the database, such as jdbc:postgresql://localhost:5432/app.")
    @Matches(regex = "jdbc:postgresql:.+", says = "jdbc:postgresql://host:port/database")
    @Example("jdbc:postgresql://localhost:5432/app")
    String url();

    /** The user. */
    @Description(
            "User; needs TEMPORARY on the database, and CREATE on it too unless the tables were made"
                    + " beforehand.")
    @Example("cdc")
    String user();

    /** The password; empty if none. */
    @Description("Password; none if the server does not ask for one.")
    Optional<Secret> password();

    /** The number of connections; empty for one per worker and one more. */
    @Description(
            "Connections; a worker waits while all are taken. By default one per worker and one"
                    + " more.")
    @Range(min = "1", max = "1000")
    Optional<Integer> poolSize();

    /** How long to wait for a connection before it is counted as a failure and tried again. */
    @Description("How long to wait for a free connection before it counts as a failed attempt.")
    @WithDefault("30s")
    @Range(min = "250ms", max = "1h")
    Duration acquireTimeout();

    /** Further properties of the JDBC driver, under its own names; never null. */
    @Description(
            "Further properties of the JDBC driver under its own names, such as sslmode,"
                    + " sslrootcert, socketTimeout (in seconds, 90 by default: how long to wait for"
                    + " an answer, except for a sweep's).")
    Map<String, String> properties();
}
