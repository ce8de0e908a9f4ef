package dev.cdcpipeline.embedded.mongo.command;

import de.bwaldvogel.mongo.bson.BsonTimestamp;
import de.bwaldvogel.mongo.bson.Document;

import dev.cdcpipeline.embedded.mongo.cursor.ResultCursor;
import dev.cdcpipeline.embedded.mongo.oplog.Namespace;
import dev.cdcpipeline.embedded.mongo.pipeline.DocumentStage;
import dev.cdcpipeline.embedded.mongo.pipeline.Pipelines;
import dev.cdcpipeline.embedded.mongo.sharding.Shard;
import dev.cdcpipeline.embedded.mongo.sharding.Shards;
import dev.cdcpipeline.embedded.mongo.storage.ReplicatedCollection;
import dev.cdcpipeline.embedded.mongo.storage.ReplicatedDatabase;
import dev.cdcpipeline.embedded.mongo.wire.CommandError;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/**
 * What a router ({@code mongos}) answers in another way than a member of a replica set does.
 *
 * <p>See https://www.mongodb.com/docs/manual/reference/command/nav-sharding/.
 */
final class RouterCommands {

    /** What only members of a replica set answer; a router refuses it without a code. */
    private static final Set<String> OF_MEMBERS =
            Set.of("replSetGetStatus", "replSetGetConfig", "replSetStepDown", "appendOplogNote");

    private static final Duration FOREVER = Duration.ofDays(1);

    private final Node node;
    private final Shards shards;
    private final ConfigDatabase config;
    private final Command findInData;

    RouterCommands(Node node, Map<String, Command> commands) {
        this.node = node;
        this.shards = node.shards();
        this.config = new ConfigDatabase(node);
        this.findInData = Objects.requireNonNull(commands.get("find"));
        addTo(commands);
    }

    private void addTo(Map<String, Command> commands) {
        OF_MEMBERS.forEach(name -> commands.put(name, RouterCommands::refused));
        commands.put("find", this::find);
        commands.put("serverStatus", _ -> serverStatus());
        commands.put("listShards", _ -> new Document("shards", config.shards()));
        commands.put("addShard", _ -> new Document("shardAdded", shards.add().name()));
        commands.put("enableSharding", this::enableSharding);
        commands.put("shardCollection", this::shardCollection);
        commands.put("split", this::split);
        commands.put("moveChunk", this::moveChunk);
        commands.put("movePrimary", this::movePrimary);
        for (String accepted : List.of("balancerStart", "balancerStop", "flushRouterConfig")) {
            commands.put(accepted, _ -> new Document());
        }
    }

    private static Document refused(Request request) {
        throw new CommandError(0, "", request.name() + " is not supported through mongos");
    }

    /** Lets a command through to the shards that it asks, once they answer. */
    void admit(Request request) {
        if (request.database().equals("local")) {
            throw new CommandError(
                    20, "IllegalOperation", "Can't use 'local' database through mongos");
        }
        if (request.document("readConcern").get("afterClusterTime") instanceof BsonTimestamp time) {
            shards.reach(time);
        }
        for (Shard shard : shards.all()) {
            if (shard.isHungOn(request.name()) && asks(request, shard)) {
                await(request, shard);
            }
        }
    }

    private boolean asks(Request request, Shard shard) {
        if (!(request.body().get(request.name()) instanceof String collection)) {
            return true;
        }
        Document filter = request.document(request.name().equals("find") ? "filter" : "query");
        if (request.name().equals("aggregate")) {
            List<Document> stages = Pipelines.parse(request.body().get("pipeline"));
            if (!stages.isEmpty() && stages.getFirst().containsKey("$changeStream")) {
                return true;
            }
        }
        Namespace namespace = new Namespace(request.database(), collection);
        return shards.asked(namespace, uuid(namespace), filter).contains(shard);
    }

    private @Nullable UUID uuid(Namespace namespace) {
        return node.catalog()
                .reading(
                        () -> {
                            ReplicatedCollection found = node.catalog().collection(namespace);
                            return found == null ? null : found.getUuid();
                        });
    }

    private static void await(Request request, Shard shard) {
        int millis = request.integer("maxTimeMS", 0);
        try {
            if (!shard.awaitAnswer(
                    request.name(), millis == 0 ? FOREVER : Duration.ofMillis(millis))) {
                throw new CommandError(
                        50, "MaxTimeMSExpired", "operation exceeded time limit on " + shard.name());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new CommandError(11601, "Interrupted", "operation was interrupted");
        }
    }

    private Document find(Request request) {
        if (!request.database().equals("config")) {
            return findInData.run(request);
        }
        DocumentStage matches = DocumentStage.compile("$match", request.document("filter"));
        List<Document> found =
                config.collection(request.namespace().collection()).stream()
                        .filter(document -> matches.apply(document) != null)
                        .toList();
        return new ReadCommands(node)
                .open(request.namespace(), new ResultCursor(found), Integer.MAX_VALUE, false);
    }

    private Document serverStatus() {
        return new Document("host", node.member().address())
                .append("version", node.version().text())
                .append("process", "mongos")
                .append("pid", ProcessHandle.current().pid())
                .append("localTime", node.clock().instant())
                .append("connections", new Document("current", 1).append("available", 10_000))
                .append("sharding", new Document());
    }

    private Document enableSharding(Request request) {
        String database = String.valueOf(request.body().get(request.name()));
        if (request.body().get("primaryShard") instanceof String name) {
            shards.primary(database, shard(name));
        }
        return new Document();
    }

    private Document shardCollection(Request request) {
        Namespace namespace = named(request);
        Document key = request.document("key");
        for (Object direction : key.values()) {
            if (!(direction instanceof Number number) || number.intValue() != 1) {
                throw new CommandError(
                        238, "NotImplemented", "The embedded server shards by ranges only");
            }
        }
        return node.catalog()
                .writing(
                        () -> {
                            ReplicatedCollection collection =
                                    node.catalog()
                                            .database(namespace.database())
                                            .collectionForWriting(namespace.collection());
                            List<String> fields = List.copyOf(key.keySet());
                            shards.shard(namespace, collection.getUuid(), fields);
                            collection.shardBy(fields);
                            return new Document("collectionsharded", namespace.toString());
                        });
    }

    private Document split(Request request) {
        shards.split(sharded(request), request.document("middle"));
        return new Document();
    }

    private Document moveChunk(Request request) {
        Document key =
                request.body().get("bounds") instanceof List<?> bounds
                                && bounds.getFirst() instanceof Document lower
                        ? lower
                        : request.document("find");
        shards.moveChunk(sharded(request), key, shard(String.valueOf(request.body().get("to"))));
        return new Document("millis", 1L);
    }

    /**
     * The new primary shard makes copies of the unsharded collections, with UUIDs of their own; the
     * old one then drops its own, which streams see as any other drop.
     */
    private Document movePrimary(Request request) {
        String name = String.valueOf(request.body().get(request.name()));
        Shard to = shard(String.valueOf(request.body().get("to")));
        return node.catalog()
                .writing(
                        () -> {
                            Shard from = shards.primary(name);
                            shards.primary(name, to);
                            if (!from.equals(to)) {
                                shards.note("movePrimary.start", name, from);
                                shards.note("movePrimary.commit", name, from);
                                move(node.catalog().database(name), from);
                            }
                            return new Document();
                        });
    }

    private void move(ReplicatedDatabase database, Shard from) {
        for (ReplicatedCollection collection : database.collections()) {
            if (!shards.isSharded(collection.getUuid())) {
                database.copyToNewPrimary(collection);
                shards.cleanUp(from, collection.namespace(), collection.getUuid());
            }
        }
    }

    private Shard shard(String name) {
        return shards.all().stream()
                .filter(shard -> shard.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                new CommandError(
                                        70, "ShardNotFound", "Shard " + name + " not found"));
    }

    private static Namespace named(Request request) {
        return Namespace.parse(String.valueOf(request.body().get(request.name())));
    }

    private UUID sharded(Request request) {
        Namespace namespace = named(request);
        UUID uuid = uuid(namespace);
        if (uuid == null || !shards.isSharded(uuid)) {
            throw new CommandError(
                    118, "NamespaceNotSharded", "Collection " + namespace + " is not sharded.");
        }
        return uuid;
    }
}
