package dev.cdcpipeline.mongodb;

import com.mongodb.ServerAddress;
import com.mongodb.connection.ClusterDescription;
import com.mongodb.connection.ServerDescription;
import com.mongodb.selector.ServerSelector;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Sends all commands of a client to one server for as long as it can be selected. A cursor lives on
 * the server that made it: without this, the {@code getMore} of a stream through several routers,
 * or from several secondaries, would often go to a server that does not know the cursor.
 */
public final class PinnedServer implements ServerSelector {
    private @Nullable ServerAddress pinned;

    @Override
    public synchronized List<ServerDescription> select(ClusterDescription cluster) {
        List<ServerDescription> candidates = cluster.getServerDescriptions();
        for (ServerDescription server : candidates) {
            if (server.isOk() && server.getAddress().equals(pinned)) {
                return List.of(server);
            }
        }
        for (ServerDescription server : candidates) {
            if (server.isOk()) {
                pinned = server.getAddress();
                return List.of(server);
            }
        }
        return List.of();
    }
}
