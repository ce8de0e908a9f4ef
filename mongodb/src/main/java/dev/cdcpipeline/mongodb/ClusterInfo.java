package dev.cdcpipeline.mongodb;

import com.mongodb.MongoCommandException;
import com.mongodb.MongoTimeoutException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoDatabase;
import com.mongodb.connection.ServerDescription;

import dev.cdcpipeline.platform.failure.ExplainedException;

import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInvalidOperationException;
import org.bson.BsonString;
import org.bson.BsonValue;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * What a Watcher needs to know of the cluster before it opens a stream.
 *
 * @param identity name and, after a slash and where the account may read it, id of the replica set
 * @param sharded whether it is a sharded cluster, reached through mongos
 * @param splitsLargeEvents whether it has {@code $changeStreamSplitLargeEvent} (6.0.9, 7.0 and
 *     later)
 */
public record ClusterInfo(String identity, boolean sharded, boolean splitsLargeEvents) {
    private static final int ANSWER_SECONDS = 15;

    /**
     * Asks the cluster.
     *
     * @throws ExplainedException when it is a server alone, with a sentence that says how to make
     *     it a replica set
     */
    public static ClusterInfo read(MongoClient client) throws ExplainedException {
        MongoDatabase admin =
                client.withTimeout(ANSWER_SECONDS, TimeUnit.SECONDS).getDatabase("admin");
        BsonDocument hello = hello(client, admin);
        return new ClusterInfo(
                identity(admin, hello), isMongos(hello), splits(run(admin, "buildInfo")));
    }

    /**
     * A driver that finds no server says why in its message only; as a cause, a refused certificate
     * can be told from a server that is down.
     */
    private static BsonDocument hello(MongoClient client, MongoDatabase admin) {
        try {
            return run(admin, "hello");
        } catch (MongoTimeoutException e) {
            client.getClusterDescription().getServerDescriptions().stream()
                    .map(ServerDescription::getException)
                    .filter(Objects::nonNull)
                    .findFirst()
                    .filter(_ -> e.getCause() == null)
                    .ifPresent(e::initCause);
            throw e;
        }
    }

    private static String identity(MongoDatabase admin, BsonDocument hello)
            throws ExplainedException {
        if (isMongos(hello)) {
            return "sharded cluster";
        }
        if (!hello.containsKey("setName")) {
            throw new ExplainedException(MongoErrors.standalone().sentence());
        }
        String name = hello.getString("setName").getValue();
        try {
            BsonValue id =
                    run(admin, "replSetGetConfig")
                            .getDocument("config")
                            .getDocument("settings")
                            .getObjectId("replicaSetId");
            return name + "/" + id.asObjectId().getValue().toHexString();
        } catch (MongoCommandException | BsonInvalidOperationException notAllowed) {
            return name; // Reading the id needs the role clusterMonitor.
        }
    }

    private static boolean isMongos(BsonDocument hello) {
        return new BsonString("isdbgrid").equals(hello.get("msg"));
    }

    private static boolean splits(BsonDocument buildInfo) {
        List<Integer> version =
                buildInfo.getArray("versionArray").stream()
                        .map(part -> part.asNumber().intValue())
                        .toList();
        return version.get(0) >= 7
                || (version.get(0) == 6 && (version.get(1) > 0 || version.get(2) >= 9));
    }

    private static BsonDocument run(MongoDatabase admin, String command) {
        return admin.runCommand(new BsonDocument(command, new BsonInt32(1)), BsonDocument.class);
    }
}
