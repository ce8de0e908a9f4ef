package dev.cdcpipeline.postgresql;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;

/**
 * Where a database is and as whom to connect. All connections to it are made from here, those of
 * the pool, of a probe and of a check, so that they agree on certificates and properties.
 *
 * @param url the JDBC URL
 * @param user the user
 * @param password the password; empty if none
 * @param properties the operator's properties of the driver, by its names in any case
 */
public record PostgresLogin(
        String url, String user, String password, Map<String, String> properties) {

    public PostgresLogin {
        properties = Map.copyOf(properties);
    }

    /**
     * Connects once, aside from a pool.
     *
     * @param application what the server calls the session
     * @param seconds how long to wait for a connection and for each answer, if the properties do
     *     not say
     * @throws SQLException if there is no connection in time
     */
    public Connection connect(String application, int seconds) throws SQLException {
        var all = new Properties();
        all.putAll(driverProperties(seconds));
        all.setProperty("user", user);
        all.setProperty("password", password);
        all.setProperty("ApplicationName", application);
        all.putIfAbsent("connectTimeout", Integer.toString(seconds));
        return DriverManager.getConnection(url, all);
    }

    /**
     * The properties of the driver: the operator's, and what they leave open.
     *
     * @param answerSeconds how long to wait for an answer, if the operator does not say
     */
    public Map<String, String> driverProperties(int answerSeconds) {
        return DriverProperties.of(properties, answerSeconds);
    }

    /** Without the password, and without properties, which may hold another. */
    @Override
    public String toString() {
        return "PostgresLogin[user=" + user + "]";
    }
}
