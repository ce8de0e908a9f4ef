package dev.cdcpipeline.embedded.mongo;

import de.bwaldvogel.mongo.bson.BsonTimestamp;
import de.bwaldvogel.mongo.bson.Document;

import dev.cdcpipeline.embedded.mongo.command.CommandDispatcher;
import dev.cdcpipeline.embedded.mongo.command.FailPoints;
import dev.cdcpipeline.embedded.mongo.command.Member;
import dev.cdcpipeline.embedded.mongo.command.Node;
import dev.cdcpipeline.embedded.mongo.command.Stall;
import dev.cdcpipeline.embedded.mongo.cursor.Cursors;
import dev.cdcpipeline.embedded.mongo.sharding.Shards;
import dev.cdcpipeline.embedded.mongo.storage.Catalog;
import dev.cdcpipeline.embedded.mongo.storage.ClaimedOplog;
import dev.cdcpipeline.embedded.mongo.storage.Claims;
import dev.cdcpipeline.embedded.mongo.wire.WireServer;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

import javax.net.ServerSocketFactory;

/**
 * A MongoDB replica set of one member inside this JVM, in memory, reachable on the loopback
 * interface only. It has no security and no durability, and is for tests and demonstrations.
 * Thread-safe.
 */
public final class MongoReplicaSet implements AutoCloseable {

    private static final String HOST = "127.0.0.1";
    private static final String SET_NAME = "rs0";

    private final ServerVersion version;
    private final int maxOplogEntries;
    private final InstantSource clock;
    private final boolean inNoSet;
    private final ServerSocketFactory sockets;
    private final int shardCount;
    private final Duration noopInterval;
    private final FailPoints failPoints = new FailPoints();
    private final Stall stall = new Stall();
    private Node node;
    private int port;
    private @Nullable WireServer server;
    private @Nullable CommandDispatcher dispatcher;

    private MongoReplicaSet(Builder builder) {
        this.version = builder.version;
        this.maxOplogEntries = builder.maxOplogEntries;
        this.clock = builder.clock;
        this.inNoSet = builder.inNoSet;
        this.sockets = builder.sockets;
        this.shardCount = builder.shardCount;
        this.noopInterval = builder.noopInterval;
        this.port = builder.port;
        this.node = emptyNode(new BsonTimestamp(0));
        listen();
    }

    /** Starts one on a free port, as the default version. */
    public static MongoReplicaSet start() {
        return builder().start();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** How to start one. */
    public static final class Builder {

        private int port;
        private ServerVersion version = ServerVersion.V7_0;
        private int maxOplogEntries = 1_000_000;
        private InstantSource clock = Clock.systemUTC();
        private boolean inNoSet;
        private ServerSocketFactory sockets = ServerSocketFactory.getDefault();

        private int shardCount;
        private Duration noopInterval = Duration.ofSeconds(1);

        private Builder() {}

        /** Shows itself as the router before so many shards. */
        Builder shards(int count, Duration noopsAfter) {
            this.shardCount = count;
            this.noopInterval = noopsAfter;
            return this;
        }

        /** The port, 0 (the default) for a free one. */
        public Builder port(int listenOn) {
            this.port = listenOn;
            return this;
        }

        /** The version that it shows and follows; 7.0 by default. */
        public Builder version(ServerVersion shown) {
            this.version = shown;
            return this;
        }

        /** The version by its text: 4.2, 5.0, 6.0, 7.0 or 8.0. */
        public Builder version(String shown) {
            return version(ServerVersion.parse(shown));
        }

        /** How many entries the oplog keeps; 1,000,000 by default. */
        public Builder maxOplogEntries(int entries) {
            this.maxOplogEntries = entries;
            return this;
        }

        /** The clock behind cluster times. */
        public Builder clock(InstantSource source) {
            this.clock = source;
            return this;
        }

        /** Greets as a server alone, which is in no replica set; use {@link #directUri}. */
        public Builder inNoSet() {
            this.inNoSet = true;
            return this;
        }

        /** Where its sockets come from, for TLS; clients then say {@code tls=true}. */
        public Builder sockets(ServerSocketFactory factory) {
            this.sockets = factory;
            return this;
        }

        public MongoReplicaSet start() {
            return new MongoReplicaSet(this);
        }
    }

    private Node emptyNode(BsonTimestamp lost) {
        Shards.Settings settings =
                new Shards.Settings(
                        clock,
                        maxOplogEntries,
                        lost,
                        noopInterval,
                        !version.isAtLeast(ServerVersion.V6_0));
        Shards shards =
                shardCount > 0 ? Shards.cluster(settings, shardCount) : Shards.single(settings);
        Claims claims = new Claims();
        Catalog catalog = new Catalog(new ClaimedOplog(shards, claims));
        Member member = new Member(inNoSet || shardCount > 0 ? null : SET_NAME, clock);
        return new Node(version, clock, shards, catalog, claims, new Cursors(), member);
    }

    /** The shards behind the router. */
    Shards shards() {
        return node.shards();
    }

    private void listen() {
        CommandDispatcher commands =
                new CommandDispatcher(node, failPoints, stall, this::dropConnections);
        WireServer listening = WireServer.listen(port, sockets, commands);
        port = listening.port();
        node.member().address(HOST + ":" + port);
        server = listening;
        dispatcher = commands;
    }

    /** The connection string, with {@code replicaSet}. */
    public String uri() {
        return "mongodb://" + HOST + ":" + port + "/?replicaSet=" + SET_NAME;
    }

    /** The connection string of the member alone, with {@code directConnection}. */
    public String directUri() {
        return "mongodb://" + HOST + ":" + port + "/?directConnection=true";
    }

    public int port() {
        return port;
    }

    public ServerVersion version() {
        return version;
    }

    /** Cuts every connection; clients may come back at once. */
    public synchronized void dropConnections() {
        if (server != null) {
            server.dropConnections();
        }
    }

    /** Is no primary for a while, as after an election, and cuts every connection. */
    public void stepDown(Duration duration) {
        node.member().stepDown(duration);
        dropConnections();
    }

    /** Drops all but the newest entries of the oplog, so that streams cannot resume before them. */
    public void cutOplog(int keepEntries) {
        node.shards().first().oplog().truncate(keepEntries);
    }

    /** Answers nothing but greetings until {@link #resumeReplies}. */
    public void stallReplies() {
        stall.begin();
    }

    public void resumeReplies() {
        stall.end();
    }

    /**
     * Fails the next commands of a name with an error, as the {@code failCommand} fail point does.
     *
     * @param command the command's name, such as {@code getMore}
     * @param errorCode MongoDB's code, such as 11600
     * @param times how often
     */
    public void failCommand(String command, int errorCode, int times) {
        failPoints.configure(
                new Document("times", times),
                new Document("failCommands", List.of(command)).append("errorCode", errorCode));
    }

    /** Cuts the connection of the next commands of a name, instead of an answer. */
    public void closeConnectionOn(String command, int times) {
        failPoints.configure(
                new Document("times", times),
                new Document("failCommands", List.of(command)).append("closeConnection", true));
    }

    /** Stops listening; the data stays for {@link #restart}. */
    public synchronized void stop() {
        stall.end();
        if (server != null) {
            server.close();
            server = null;
        }
        if (dispatcher != null) {
            dispatcher.close();
            dispatcher = null;
        }
        node.cursors().removeAll();
    }

    /** Listens again on the same port with the data it had. */
    public synchronized void restart() {
        stop();
        listen();
    }

    /** Listens again on the same port with no data and a new oplog. */
    public synchronized void restartEmpty() {
        stop();
        node = emptyNode(node.shards().lastTime());
        listen();
    }

    @Override
    public void close() {
        stop();
    }
}
