package dev.cdcpipeline.cli.doctor;

import com.mongodb.ConnectionString;
import com.mongodb.MongoException;
import com.mongodb.MongoTimeoutException;
import com.mongodb.client.MongoClient;

import java.util.stream.Collectors;

/** Why MongoDB did not answer, in a few words. */
public final class MongoReason {
    private MongoReason() {}

    /** Of servers that cannot be used what each says, instead of the driver's view of them all. */
    public static String of(ConnectionString uri, MongoClient client, MongoException thrown) {
        if (!(thrown instanceof MongoTimeoutException)) {
            return Reason.of(thrown);
        }
        var servers = client.getClusterDescription().getServerDescriptions();
        return uri.getRequiredReplicaSetName() != null
                        && servers.stream().allMatch(server -> server.getException() == null)
                ? "no server there is a member of the replica set "
                        + uri.getRequiredReplicaSetName()
                        + ": the name may be another one, or rs.initiate() was not run yet"
                : servers.stream()
                        .map(
                                server ->
                                        server.getAddress()
                                                + ": "
                                                + Reason.of(server.getException()))
                        .collect(Collectors.joining("; ", "no usable server, ", ""));
    }
}
