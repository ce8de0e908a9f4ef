package dev.cdcpipeline.watcher.app;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;

import dev.cdcpipeline.mongodb.MongoConnection;
import dev.cdcpipeline.platform.tls.TlsContext;

/** The client of the MongoDB that the settings name. */
public final class SourceClient {
    private SourceClient() {}

    /** The connection string of the settings. */
    public static ConnectionString uri(WatcherSettings settings) {
        return new ConnectionString(settings.mongodb().uri().reveal());
    }

    /**
     * Settings of a client.
     *
     * @param application what the server calls the client in its log
     */
    public static MongoClientSettings.Builder settings(
            WatcherSettings settings, ConnectionString uri, String application) {
        return MongoConnection.settings(
                application,
                uri,
                TlsContext.of("watcher.mongodb.tls", settings.mongodb().tls()),
                settings.capture().answerTimeout().plus(settings.capture().await()));
    }
}
