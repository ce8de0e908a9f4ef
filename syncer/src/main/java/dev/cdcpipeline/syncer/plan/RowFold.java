package dev.cdcpipeline.syncer.plan;

import dev.cdcpipeline.model.Version;

import org.jspecify.annotations.Nullable;

/**
 * What several changes of one row come down to: at most one guarded delete and then one guarded
 * upsert. Exact, whatever row the database holds: doing these two gives the row that doing all of
 * them one by one would give, and no put brings a row back that a newer delete has removed. Not
 * thread-safe.
 */
final class RowFold {
    private final String key;
    private final boolean startsWithInsert;
    private @Nullable Version delete;
    private Effect.@Nullable Put put;

    RowFold(String key, boolean startsWithInsert) {
        this.key = key;
        this.startsWithInsert = startsWithInsert;
    }

    String key() {
        return key;
    }

    /**
     * Whether what becomes of the row hangs on the database, as one of two puts may be refused
     * there and the other not: then they must not be in one batch.
     */
    boolean mustWait(Effect.Put next) {
        if (put == null || (put.late() == null) == (next.late() == null)) {
            return false;
        }
        boolean isOlder = next.version().compareTo(put.version()) < 0;
        return next.late() == null ? isOlder : !isOlder;
    }

    void put(Effect.Put next) {
        boolean isCopyOfNoTime = next.version().equals(Version.ZERO);
        if (put == null
                && delete != null
                && next.version().compareTo(delete) < 0
                && !isCopyOfNoTime) {
            return; // what is older than a delete does not bring the row back (I3)
        }
        if (put == null || next.version().compareTo(put.version()) >= 0) {
            put = next;
        }
    }

    void remove(Version version) {
        if (put != null && version.compareTo(put.version()) < 0) {
            return; // the row that is there by now is newer
        }
        put = null;
        if (delete == null || version.compareTo(delete) > 0) {
            delete = version;
        }
    }

    /** The upsert to be done; null if none. */
    Effect.@Nullable Put upsert() {
        return put;
    }

    /**
     * The version of the delete to be done first; null if none, or if the upsert covers it. A late
     * one may be refused, and covers nothing.
     */
    @Nullable Version delete() {
        boolean covered =
                put != null
                        && put.late() == null
                        && delete != null
                        && put.version().compareTo(delete) >= 0;
        return covered ? null : delete;
    }

    /** Whether the row is most likely absent. */
    boolean likelyNew() {
        return startsWithInsert;
    }
}
