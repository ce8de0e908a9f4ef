package dev.cdcpipeline.mongodb;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLContext;

/** How the clients of MongoDB are set up, those of a service and those of a check alike. */
public final class MongoConnection {
    private static final int SELECTION_SECONDS = 10;

    private MongoConnection() {}

    /**
     * Settings of a client: our defaults, what the connection string says instead, and what must
     * hold in any case, TLS by our certificates and the server that is kept to.
     *
     * @param application what the server calls the client in its log
     * @param uri the connection string
     * @param tls whom to trust where the connection string asks for TLS
     * @param answerTimeout how long to wait for an answer
     */
    public static MongoClientSettings.Builder settings(
            String application, ConnectionString uri, SSLContext tls, Duration answerTimeout) {
        return MongoClientSettings.builder()
                .applicationName(application)
                .applyToClusterSettings(
                        cluster ->
                                cluster.serverSelectionTimeout(SELECTION_SECONDS, TimeUnit.SECONDS))
                .applyToSocketSettings(
                        socket ->
                                socket.readTimeout(answerTimeout.toMillis(), TimeUnit.MILLISECONDS))
                .applyConnectionString(uri)
                .applyToSslSettings(ssl -> ssl.context(tls))
                .applyToClusterSettings(cluster -> cluster.serverSelector(new PinnedServer()));
    }
}
