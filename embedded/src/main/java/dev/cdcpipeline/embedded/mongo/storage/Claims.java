package dev.cdcpipeline.embedded.mongo.storage;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The documents that open transactions have written. Another transaction that writes one conflicts;
 * a write outside transactions waits. Thread-safe.
 */
public final class Claims {

    private final Map<UUID, TreeMap<@Nullable Object, Claimant>> claimants = new HashMap<>();

    /** Whose a document is after a transaction has asked for it. */
    public enum Claim {
        /** The transaction's from now on. */
        TAKEN,
        /** The transaction's since before. */
        HELD,
        /** Another transaction's. */
        REFUSED
    }

    /** Claims a document for a transaction. */
    public synchronized Claim claim(UUID collection, @Nullable Object id, Claimant claimant) {
        TreeMap<@Nullable Object, Claimant> claimed =
                claimants.computeIfAbsent(collection, missing -> new TreeMap<>(BsonOrder.INSTANCE));
        Claimant owner = claimed.putIfAbsent(id, claimant);
        if (owner == null) {
            return Claim.TAKEN;
        }
        return owner.equals(claimant) ? Claim.HELD : Claim.REFUSED;
    }

    /** Who has claimed the document, null when nobody has. */
    synchronized @Nullable Claimant claimant(UUID collection, @Nullable Object id) {
        TreeMap<@Nullable Object, Claimant> claimed = claimants.get(collection);
        return claimed == null ? null : claimed.get(id);
    }

    /** Gives up all that a transaction has claimed and wakes who waits for it. */
    public synchronized void release(Claimant claimant) {
        claimants.values().forEach(claimed -> claimed.values().removeIf(claimant::equals));
        claimants.values().removeIf(Map::isEmpty);
        claimant.end();
    }
}
