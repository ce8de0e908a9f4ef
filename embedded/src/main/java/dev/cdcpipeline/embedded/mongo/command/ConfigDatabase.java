package dev.cdcpipeline.embedded.mongo.command;

import de.bwaldvogel.mongo.bson.Document;

import dev.cdcpipeline.embedded.mongo.ServerVersion;
import dev.cdcpipeline.embedded.mongo.sharding.Shards;
import dev.cdcpipeline.embedded.mongo.storage.ReplicatedCollection;
import dev.cdcpipeline.embedded.mongo.storage.ReplicatedDatabase;

import java.util.ArrayList;
import java.util.List;

/**
 * The cluster's own database, {@code config}, as far as clients read it.
 *
 * <p>See https://www.mongodb.com/docs/manual/reference/config-database/.
 */
final class ConfigDatabase {

    private final Node node;
    private final Shards shards;

    ConfigDatabase(Node node) {
        this.node = node;
        this.shards = node.shards();
    }

    List<Document> collection(String name) {
        return switch (name) {
            case "version" ->
                    List.of(
                            new Document("_id", 1)
                                    .append("minCompatibleVersion", 5)
                                    .append("currentVersion", 6)
                                    .append("clusterId", node.member().replicaSetId()));
            case "shards" -> shards();
            case "changelog" -> shards.changeLog();
            case "databases" -> databases();
            case "collections" -> collections(false);
            case "chunks" -> collections(true);
            default -> List.of();
        };
    }

    List<Document> shards() {
        return shards.all().stream()
                .map(
                        shard ->
                                new Document("_id", shard.name())
                                        .append(
                                                "host",
                                                shard.name() + "/" + node.member().address())
                                        .append("state", 1)
                                        .append("topologyTime", shard.added()))
                .toList();
    }

    private List<Document> databases() {
        return node.catalog()
                .reading(
                        () ->
                                node.catalog().existingDatabases().stream()
                                        .map(ReplicatedDatabase::getDatabaseName)
                                        .map(this::database)
                                        .toList());
    }

    private Document database(String name) {
        return new Document("_id", name)
                .append("primary", shards.primary(name).name())
                .append("partitioned", false);
    }

    /** The sharded collections, or their chunks. */
    private List<Document> collections(boolean chunks) {
        return node.catalog()
                .reading(
                        () -> {
                            List<Document> found = new ArrayList<>();
                            for (ReplicatedDatabase database : node.catalog().existingDatabases()) {
                                for (ReplicatedCollection collection : database.collections()) {
                                    if (!shards.isSharded(collection.getUuid())) {
                                        continue;
                                    }
                                    if (chunks) {
                                        found.addAll(chunks(collection));
                                    } else {
                                        found.add(describe(collection));
                                    }
                                }
                            }
                            return found;
                        });
    }

    private static Document describe(ReplicatedCollection collection) {
        Document key = new Document();
        collection.shardKey().forEach(field -> key.put(field, 1));
        return new Document("_id", collection.namespace().toString())
                .append("key", key)
                .append("unique", false)
                .append("uuid", collection.getUuid())
                .append("dropped", false);
    }

    private List<Document> chunks(ReplicatedCollection collection) {
        boolean byUuid = node.version().isAtLeast(ServerVersion.V5_0);
        List<Document> described = shards.describeChunks(collection.getUuid());
        for (Document chunk : described) {
            chunk.put(
                    byUuid ? "uuid" : "ns",
                    byUuid ? collection.getUuid() : collection.namespace().toString());
        }
        return described;
    }
}
