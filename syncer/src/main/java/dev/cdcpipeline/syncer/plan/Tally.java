package dev.cdcpipeline.syncer.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * What became of the records of a batch. Not thread-safe.
 *
 * <p>Every record is counted once: as a change, a sweep, re-delivered, ignored or malformed.
 */
public final class Tally {
    private static final int SAMPLED = 100;

    private int records;
    private int changes;
    private int redelivered;
    private int ignored;
    private int coalesced;
    private int nextSample;
    private boolean endsEarly;
    private final Map<String, Integer> strayLetters = new HashMap<>();
    private final List<PartitionId> unordered = new ArrayList<>();
    private final List<Long> sourceMillis = new ArrayList<>();

    void addRecord() {
        records++;
    }

    /** A change, made at the source at this time (milliseconds since 1970). */
    void addChange(LongSupplier atMillis) {
        // Of a large batch a sample is enough: more and more seldom, as it grows.
        if (changes >= nextSample) {
            sourceMillis.add(atMillis.getAsLong());
            nextSample += 1 + changes / SAMPLED;
        }
        changes++;
    }

    void addRedelivered() {
        redelivered++;
    }

    void addIgnored() {
        ignored++;
    }

    /** A dead letter of another topic, in this one. */
    void addStrayLetter(String topic) {
        ignored++;
        strayLetters.merge(topic, 1, Integer::sum);
    }

    void addUnordered(PartitionId partition) {
        unordered.add(partition);
    }

    void addCoalesced(int changesSaved) {
        coalesced += changesSaved;
    }

    void endEarly() {
        endsEarly = true;
    }

    /** Are there records which must not be in the same transaction, and are not counted here? */
    public boolean endsEarly() {
        return endsEarly;
    }

    /** All records of the batch that were planned. */
    public int records() {
        return records;
    }

    /** Inserts, updates, replaces and deletes. */
    public int changes() {
        return changes;
    }

    /** Records at or before the ledger's position, and leftovers of a lower generation. */
    public int redelivered() {
        return redelivered;
    }

    /** Dead letters that are in a topic other than their own, by that topic; ignored, too. */
    public Map<String, Integer> strayLetters() {
        return strayLetters;
    }

    /**
     * Records that say nothing about a row: tombstones, invalidates, updates of a lost document;
     * and those that were set aside as PostgreSQL refuses them or they cannot be rendered.
     */
    public int ignored() {
        return ignored;
    }

    /** When the changes, or a sample of them, were made at the source, in ms since 1970. */
    public List<Long> sourceMillis() {
        return sourceMillis;
    }

    /** Partitions whose records have no key, or their resume token's, instead of the document's. */
    public List<PartitionId> unordered() {
        return unordered;
    }

    /** Changes that a later one of the same batch made needless. */
    public int coalesced() {
        return coalesced;
    }
}
