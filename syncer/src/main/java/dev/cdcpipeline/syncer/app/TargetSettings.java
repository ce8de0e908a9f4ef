package dev.cdcpipeline.syncer.app;

import dev.cdcpipeline.platform.config.Default;
import dev.cdcpipeline.platform.config.Description;
import dev.cdcpipeline.platform.config.Example;
import dev.cdcpipeline.platform.config.Matches;
import dev.cdcpipeline.platform.config.Range;
import dev.cdcpipeline.platform.secret.Secret;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * PostgreSQL as the target.
 *
 * @param url the JDBC URL
 * @param user the user
 * @param password the password; empty if none
 * @param poolSize the number of connections; empty for one per worker and one more
 * @param acquireTimeout how long to wait for a connection before it is counted as a failure and
 *     tried again
 * @param properties further properties of the JDBC driver, under its own names; never null
 */
public record TargetSettings(
        @Description("JDBC URL of the database, such as jdbc:postgresql://localhost:5432/app.")
                @Matches(
                        regex = "jdbc:postgresql:.+",
                        says = "jdbc:postgresql://host:port/database")
                @Example("jdbc:postgresql://localhost:5432/app")
                String url,
        @Description(
                        "User; needs TEMPORARY on the database, and CREATE on it too unless the tables were made"
                                + " beforehand.")
                @Example("cdc")
                String user,
        @Description("Password; none if the server does not ask for one.")
                Optional<Secret> password,
        @Description(
                        "Connections; a worker waits while all are taken. By default one per worker and one"
                                + " more.")
                @Range(min = "1", max = "1000")
                Optional<Integer> poolSize,
        @Description("How long to wait for a free connection before it counts as a failed attempt.")
                @Default("30s")
                @Range(min = "250ms", max = "1h")
                Duration acquireTimeout,
        @Description(
                        "Further properties of the JDBC driver under its own names, such as sslmode,"
                                + " sslrootcert, socketTimeout (in seconds, 90 by default: how long to wait for"
                                + " an answer, except for a sweep's).")
                Map<String, String> properties) {
    /** Without what may hold credentials. */
    @Override
    public String toString() {
        return "TargetSettings[properties=" + properties.keySet() + "]";
    }
}
