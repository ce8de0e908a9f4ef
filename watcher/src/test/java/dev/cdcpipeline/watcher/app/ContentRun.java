package dev.cdcpipeline.watcher.app;

import com.mongodb.MongoException;
import com.mongodb.MongoNamespace;
import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.RenameCollectionOptions;
import com.mongodb.client.model.Updates;

import dev.cdcpipeline.embedded.mongo.ShardedCluster;
import dev.cdcpipeline.embedded.mongo.sharding.MoveOrder;

import org.bson.BsonDocument;
import org.bson.Document;
import org.bson.types.Decimal128;
import org.bson.types.MinKey;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/** Does to a database what histories say, as far as it can be done, and counts what was done. */
final class ContentRun {
    /** A write to a capped collection that grows a document, or is in a transaction. */
    private static final Set<Integer> NOT_WITH_CAPPED = Set.of(263, 10003);

    private static final Document BOUND = new Document("country", "N").append("_id", new MinKey());

    private final MongoClient client;
    private final MongoDatabase database;
    private final @Nullable ShardedCluster cluster;
    private final Map<Ingredient, Integer> counts = new EnumMap<>(Ingredient.class);
    private final Set<String> dropped = new HashSet<>();
    private int number;

    /** What histories are made of. */
    enum Ingredient {
        CHANGED,
        TRANSACTION,
        ID_RETYPED,
        ID_REINSERTED,
        MOVED_DELETE_FIRST,
        MOVED_INSERT_FIRST,
        RENAMED_OVER,
        OUT_OVER,
        CAPPED,
        DROPPED,
        CREATED_ANEW,
        DATABASE_DROPPED
    }

    /**
     * A run.
     *
     * @param cluster where documents move between shards, null for a replica set
     */
    ContentRun(MongoClient client, String database, @Nullable ShardedCluster cluster) {
        this.client = client;
        this.database = client.getDatabase(database);
        this.cluster = cluster;
        shard();
    }

    /** How often each was done. */
    Map<Ingredient, Integer> counts() {
        return counts;
    }

    /**
     * What can be done to this server: before 5.0, nothing can be deleted from capped collections.
     */
    Set<Ingredient> possible() {
        return deletesFromCapped()
                ? EnumSet.allOf(Ingredient.class)
                : EnumSet.complementOf(EnumSet.of(Ingredient.CAPPED));
    }

    private void count(Ingredient ingredient) {
        counts.merge(ingredient, 1, Integer::sum);
    }

    private void shard() {
        if (cluster != null) {
            Document key = new Document("country", 1).append("_id", 1);
            String namespace = database.getName() + "." + ContentHistory.SHARDED;
            cluster.shardCollection(namespace, key, BOUND, 1);
        }
    }

    static List<String> collections() {
        List<String> all = new ArrayList<>(ContentHistory.PLAIN);
        all.add(ContentHistory.SHARDED);
        return all;
    }

    private MongoCollection<Document> collection(String name) {
        return database.getCollection(name);
    }

    private boolean exists(String name) {
        return database.listCollectionNames().into(new ArrayList<>()).contains(name);
    }

    /** Does a step; that of a Watcher is not its own. */
    void take(ContentHistory.Step step) {
        switch (step) {
            case ContentHistory.Changes changes -> change(changes);
            case ContentHistory.Move move -> move(move);
            case ContentHistory.Rename rename -> rename(rename.from(), rename.to());
            case ContentHistory.Out out -> out(out.from(), out.to());
            case ContentHistory.Capped capped -> cap(capped.collection());
            case ContentHistory.Drop drop -> drop(drop.collection());
            case ContentHistory.DropDatabase _ -> dropDatabase();
            case ContentHistory.Kill kill -> throw new IllegalArgumentException(kill.toString());
        }
    }

    private void change(ContentHistory.Changes changes) {
        try {
            if (changes.together()) {
                transaction(changes.changes());
            } else {
                changes.changes().forEach(each -> count(change(null, each)));
            }
        } catch (MongoException e) {
            if (!NOT_WITH_CAPPED.contains(e.getCode())) {
                throw e;
            }
        }
    }

    private void transaction(List<ContentHistory.Change> changes) {
        try (ClientSession session = client.startSession()) {
            List<Ingredient> done =
                    session.withTransaction(
                            () -> changes.stream().map(each -> change(session, each)).toList());
            done.forEach(this::count);
            count(Ingredient.TRANSACTION);
        }
    }

    private Ingredient change(@Nullable ClientSession session, ContentHistory.Change change) {
        var one = new OneDocument(session, collection(change.collection()), change.number());
        Document before = one.find();
        Object id = id(change.number(), change.type());
        number++;
        if (before == null) {
            one.insert(document(id, "CH"));
            return dropped.remove(change.collection())
                    ? Ingredient.CREATED_ANEW
                    : Ingredient.CHANGED;
        }
        Object idBefore = Objects.requireNonNull(before.get("_id"));
        String country = before.getString("country");
        boolean retyped = !idBefore.getClass().equals(id.getClass());
        return switch (change.kind()) {
            case UPDATE -> {
                one.update(number);
                yield Ingredient.CHANGED;
            }
            case REPLACE -> {
                one.replace(document(idBefore, country));
                yield Ingredient.CHANGED;
            }
            case DELETE -> {
                one.delete();
                yield Ingredient.CHANGED;
            }
            case RETYPE -> {
                one.replace(document(id, country));
                yield retyped ? Ingredient.ID_RETYPED : Ingredient.CHANGED;
            }
            case REINSERT -> {
                one.delete();
                one.insert(document(id, country));
                yield retyped ? Ingredient.ID_REINSERTED : Ingredient.CHANGED;
            }
        };
    }

    private Document document(Object id, String country) {
        return new Document("_id", id).append("n", number).append("country", country);
    }

    private static Object id(int number, ContentHistory.IdType type) {
        return switch (type) {
            case INT32 -> number;
            case INT64 -> (long) number;
            case DOUBLE -> (double) number;
            case DECIMAL128 -> new Decimal128(number);
        };
    }

    private void move(ContentHistory.Move move) {
        MongoCollection<Document> places = collection(ContentHistory.SHARDED);
        Document found = places.find(Filters.eq(move.number())).first();
        if (found == null) {
            return;
        }
        if (cluster != null) {
            cluster.movesAre(move.order());
        }
        String to = found.getString("country").equals("CH") ? "US" : "CH";
        number++;
        var _ =
                places.updateOne(
                        Filters.eq(move.number()),
                        Updates.combine(Updates.set("country", to), Updates.set("n", number)));
        boolean inserted =
                move.order() == MoveOrder.INSERT_FIRST
                        || move.order() == MoveOrder.INSERT_FIRST_AT_ONE_TIME;
        count(inserted ? Ingredient.MOVED_INSERT_FIRST : Ingredient.MOVED_DELETE_FIRST);
    }

    private void rename(String from, String to) {
        if (!from.equals(to) && exists(from)) {
            boolean over = exists(to);
            collection(from)
                    .renameCollection(
                            new MongoNamespace(database.getName(), to),
                            new RenameCollectionOptions().dropTarget(true));
            count(over ? Ingredient.RENAMED_OVER : Ingredient.CHANGED);
        }
    }

    private void out(String from, String to) {
        if (!from.equals(to) && exists(from) && !isCapped(to)) {
            boolean over = exists(to);
            collection(from).aggregate(List.of(Aggregates.out(to))).toCollection();
            count(over ? Ingredient.OUT_OVER : Ingredient.CHANGED);
        }
    }

    private boolean isCapped(String name) {
        Document found = database.listCollections().filter(new Document("name", name)).first();
        return found != null
                && Boolean.TRUE.equals(
                        found.get("options", new Document()).getBoolean("capped", false));
    }

    private void cap(String name) {
        if (exists(name) && !isCapped(name) && deletesFromCapped()) {
            var _ =
                    database.runCommand(
                            new Document("convertToCapped", name).append("size", 1 << 20));
            count(Ingredient.CAPPED);
        }
    }

    private boolean deletesFromCapped() {
        String version =
                client.getDatabase("admin")
                        .runCommand(new Document("buildInfo", 1))
                        .getString("version");
        return Integer.parseInt(version.substring(0, version.indexOf('.'))) >= 5;
    }

    private void drop(String name) {
        if (exists(name)) {
            collection(name).drop();
            dropped.add(name);
            count(Ingredient.DROPPED);
            if (name.equals(ContentHistory.SHARDED)) {
                shard();
            }
        }
    }

    private void dropDatabase() {
        database.drop();
        dropped.addAll(collections());
        count(Ingredient.DATABASE_DROPPED);
        shard();
    }

    /** Changes every document, as what came by a replacement is told of with its next change. */
    void touchEverything() {
        number++;
        for (String each : collections()) {
            var _ = collection(each).updateMany(Filters.empty(), Updates.set("n", number));
        }
    }

    /** Inserts a document into each collection that was not there before. */
    void mark(String name) {
        number++;
        for (String each : collections()) {
            var _ = collection(each).insertOne(document(name, "CH"));
        }
    }

    /** What a collection has, by canonical {@code _id}. */
    Map<String, BsonDocument> content(String name) {
        Map<String, BsonDocument> content = new TreeMap<>();
        for (BsonDocument each :
                database.getCollection(name, BsonDocument.class).find(Filters.empty())) {
            content.put(Outcome.key(Objects.requireNonNull(each.get("_id"))), each);
        }
        return content;
    }
}
