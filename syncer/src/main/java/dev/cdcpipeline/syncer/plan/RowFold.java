package dev.cdcpipeline.syncer.plan;

import dev.cdcpipeline.model.Version;

import org.jspecify.annotations.Nullable;

/**
 * What several changes of one row come down to: at most one guarded delete and then one guarded
 * upsert. Exact, whatever row the database holds: doing these two gives the row that doing all of
 * them one by one would give. Not thread-safe.
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

    void put(Effect.Put next) {
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

    /** The version of the delete to be done first; null if none, or if the upsert covers it. */
    @Nullable Version delete() {
        boolean covered = put != null && delete != null && put.version().compareTo(delete) >= 0;
        return covered ? null : delete;
    }

    /** Whether the row is most likely absent. */
    boolean likelyNew() {
        return startsWithInsert;
    }
}
