package dev.cdcpipeline.embedded.mongo.sharding;

import de.bwaldvogel.mongo.bson.BsonTimestamp;

import dev.cdcpipeline.embedded.mongo.oplog.Oplog;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** One shard: its name, its oplog, and what is wrong with it just now. Thread-safe. */
public final class Shard {

    private final String name;
    private final Oplog oplog;
    private final BsonTimestamp added;
    private final Map<String, CountDownLatch> hung = new ConcurrentHashMap<>();
    private volatile boolean quiet;

    /**
     * @param added when the cluster got it
     */
    Shard(String name, Oplog oplog, BsonTimestamp added) {
        this.name = name;
        this.oplog = oplog;
        this.added = added;
    }

    public String name() {
        return name;
    }

    public Oplog oplog() {
        return oplog;
    }

    public BsonTimestamp added() {
        return added;
    }

    /** Whether it writes no no-ops while nothing is written to it. */
    boolean isQuiet() {
        return quiet;
    }

    public void quiet(boolean now) {
        quiet = now;
    }

    /** Does not answer commands of that name until {@link #wake}. */
    public void hang(String command) {
        hung.putIfAbsent(command, new CountDownLatch(1));
    }

    /** Answers everything again. */
    public void wake() {
        hung.values().forEach(CountDownLatch::countDown);
        hung.clear();
    }

    public boolean isHungOn(String command) {
        return hung.containsKey(command);
    }

    /** Waits as long as it does not answer such a command; false when the time is up first. */
    public boolean awaitAnswer(String command, Duration atMost) throws InterruptedException {
        CountDownLatch gate = hung.get(command);
        return gate == null || gate.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }
}
