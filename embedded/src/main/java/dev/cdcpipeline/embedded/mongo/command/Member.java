package dev.cdcpipeline.embedded.mongo.command;

import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.bson.ObjectId;

import dev.cdcpipeline.embedded.mongo.storage.ObjectIds;
import dev.cdcpipeline.embedded.mongo.wire.CommandError;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/**
 * The member's part in the replica set: its name, its address, and whether it is primary just now.
 * Thread-safe.
 */
public final class Member {

    private final @Nullable String setName;
    private final ObjectId replicaSetId = ObjectIds.next();
    private final InstantSource clock;
    private final Instant started;
    private final ObjectId process = ObjectIds.next();
    private volatile String address = "";
    private volatile Instant secondaryUntil = Instant.MIN;
    private volatile ObjectId election = ObjectIds.next();
    private volatile int term = 1;

    /**
     * Makes a member.
     *
     * @param setName the set's name, null for a server that is in no set
     */
    public Member(@Nullable String setName, InstantSource clock) {
        this.setName = setName;
        this.clock = clock;
        this.started = clock.instant();
    }

    /** Where clients reach it, known once it listens. */
    public void address(String hostAndPort) {
        this.address = hostAndPort;
    }

    String address() {
        return address;
    }

    @Nullable String setName() {
        return setName;
    }

    /** What tells the set from every other one of its name. */
    ObjectId replicaSetId() {
        return replicaSetId;
    }

    Instant started() {
        return started;
    }

    boolean isPrimary() {
        return !clock.instant().isBefore(secondaryUntil);
    }

    ObjectId election() {
        return election;
    }

    int term() {
        return term;
    }

    /** Is no primary for a while, then is elected again. */
    public synchronized void stepDown(Duration duration) {
        secondaryUntil = clock.instant().plus(duration);
        election = ObjectIds.next();
        term++;
        notifyAll();
    }

    /** Names the member's present state; the counter grows with each change of it. */
    synchronized Document topologyVersion() {
        return new Document("processId", process).append("counter", counter());
    }

    private long counter() {
        return 2L * term + (isPrimary() ? 1 : 0);
    }

    /**
     * Waits until the state is another than the one the client knows, as an awaited greeting does.
     */
    synchronized void awaitChange(Document known, long millis) {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        try {
            while (known.get("counter") instanceof Long counter
                    && counter == counter()
                    && process.equals(known.get("processId"))) {
                long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
                if (left <= 0) {
                    return;
                }
                wait(Math.min(left, 100));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Refuses what only a primary does. */
    void checkPrimary() {
        if (!isPrimary()) {
            throw new CommandError(10107, "NotWritablePrimary", "not primary");
        }
    }
}
