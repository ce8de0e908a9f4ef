package dev.cdcpipeline.embedded.mongo;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;

import dev.cdcpipeline.embedded.mongo.sharding.MoveOrder;
import dev.cdcpipeline.embedded.mongo.sharding.Shard;

import org.bson.Document;

import java.time.Duration;
import java.util.List;

/**
 * The face of a sharded MongoDB cluster inside this JVM, as far as change streams go: one endpoint
 * that speaks as {@code mongos}, over several oplogs that a change stream merges. Reads and writes
 * see one whole; which shard a document is on decides only whose oplog tells of it. Thread-safe.
 */
public final class ShardedCluster implements AutoCloseable {

    private final MongoReplicaSet router;
    private final MongoClient client;

    private ShardedCluster(Builder builder) {
        this.router =
                MongoReplicaSet.builder()
                        .port(builder.port)
                        .version(builder.version)
                        .shards(builder.shards, builder.noopInterval)
                        .start();
        this.client = MongoClients.create(uri());
    }

    /** Starts one of two shards, as the default version. */
    public static ShardedCluster start() {
        return builder().start();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** How to start one. */
    public static final class Builder {

        private int port;
        private int shards = 2;
        private ServerVersion version = ServerVersion.V7_0;
        private Duration noopInterval = Duration.ofMillis(100);

        private Builder() {}

        /** The port, 0 (the default) for a free one. */
        public Builder port(int listenOn) {
            this.port = listenOn;
            return this;
        }

        /** How many shards there are at first; 2 by default. */
        public Builder shards(int count) {
            this.shards = count;
            return this;
        }

        /** The version that it shows and follows; 7.0 by default. */
        public Builder version(ServerVersion shown) {
            this.version = shown;
            return this;
        }

        /**
         * After which an idle shard writes a no-op, {@code periodicNoopIntervalSecs} on real
         * servers; 100 ms by default.
         */
        public Builder noopInterval(Duration interval) {
            this.noopInterval = interval;
            return this;
        }

        public ShardedCluster start() {
            return new ShardedCluster(this);
        }
    }

    /** The connection string of the router. */
    public String uri() {
        return "mongodb://127.0.0.1:" + router.port() + "/";
    }

    /** The router's connections and commands, to do them harm. */
    public MongoReplicaSet router() {
        return router;
    }

    /** The shard's name, for commands. */
    public String shard(int index) {
        return at(index).name();
    }

    private Shard at(int index) {
        return router.shards().all().get(index);
    }

    /**
     * Shards a collection by ranges, and cuts it: what is less than the bound stays on the primary
     * shard, the rest goes to another.
     *
     * @param namespace {@code database.collection}
     * @param key the shard key's pattern
     * @param bound the whole shard key at which the other shard's chunk begins
     * @param other the other shard's index
     */
    public void shardCollection(String namespace, Document key, Document bound, int other) {
        admin(new Document("shardCollection", namespace).append("key", key));
        admin(new Document("split", namespace).append("middle", bound));
        moveChunk(namespace, bound, other);
    }

    /** Moves the chunk that a shard key is in to a shard. */
    public void moveChunk(String namespace, Document key, int shard) {
        admin(new Document("moveChunk", namespace).append("find", key).append("to", shard(shard)));
    }

    /** Makes a shard the primary one of a database; the one before drops its copies. */
    public void movePrimary(String database, int shard) {
        admin(new Document("movePrimary", database).append("to", shard(shard)));
    }

    /** Adds an empty shard and returns its index. */
    public int addShard() {
        admin(new Document("addShard", "embedded"));
        return router.shards().all().size() - 1;
    }

    /**
     * Changes a document's shard key, so that it goes to another shard.
     *
     * @param changed the fields of the shard key with their new values
     * @param order in which order streams see the two halves
     */
    public void moveDocument(String namespace, Object id, Document changed, MoveOrder order) {
        MoveOrder usual = router.shards().moveOrder(order);
        try {
            int dot = namespace.indexOf('.');
            client.getDatabase(namespace.substring(0, dot))
                    .getCollection(namespace.substring(dot + 1))
                    .updateOne(new Document("_id", id), new Document("$set", changed));
        } finally {
            movesAre(usual);
        }
    }

    /** In which order streams see the halves of every move from now on; at first delete, insert. */
    public void movesAre(MoveOrder order) {
        router.shards().moveOrder(order);
    }

    /** The shard writes no no-ops of its own any more, so that it holds merged streams back. */
    public void quiet(int shard) {
        at(shard).quiet(true);
    }

    /**
     * The shard answers no commands of that name; {@code getMore} stands for those by which the
     * router reads change streams.
     */
    public void hang(int shard, String command) {
        at(shard).hang(command);
    }

    /** The shard answers everything and writes its no-ops again. */
    public void wake(int shard) {
        at(shard).quiet(false);
        at(shard).wake();
    }

    /** Drops all but the newest entries of a shard's oplog. */
    public void cutOplog(int shard, int keepEntries) {
        at(shard).oplog().truncate(keepEntries);
    }

    private void admin(Document command) {
        client.getDatabase("admin").runCommand(command);
    }

    /** The shards' names. */
    public List<String> shards() {
        return router.shards().all().stream().map(Shard::name).toList();
    }

    @Override
    public void close() {
        router.shards().all().forEach(Shard::wake);
        client.close();
        router.close();
    }
}
