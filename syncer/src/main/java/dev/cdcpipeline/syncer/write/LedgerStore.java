package dev.cdcpipeline.syncer.write;

import dev.cdcpipeline.syncer.plan.PartitionId;
import dev.cdcpipeline.syncer.plan.Progress;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

import javax.sql.DataSource;

/** The ledger as the poll loop's helpers see it. Thread-safe. */
public final class LedgerStore {
    private final DataSource pool;
    private final Ledger ledger;

    public LedgerStore(DataSource pool, Ledger ledger) {
        this.pool = pool;
        this.ledger = ledger;
    }

    /** Creates the Syncer's own tables where they are missing. */
    public void prepare() throws SQLException {
        try (Connection connection = pool.getConnection()) {
            Schema.createOwnTables(connection);
        }
    }

    /**
     * Reads how far partitions are and enters those that are not known yet.
     *
     * @param starts the first offset of each, for those that are not known yet
     * @return the progress of each; null where the ledger knows the topic's name with another
     *     identifier only, and then nothing was entered
     */
    public Map<PartitionId, @Nullable Progress> open(Map<PartitionId, Long> starts)
            throws SQLException {
        var opened = new LinkedHashMap<PartitionId, @Nullable Progress>();
        try (Connection connection = pool.getConnection()) {
            for (var start : starts.entrySet()) {
                PartitionId partition = start.getKey();
                opened.put(
                        partition,
                        ledger.knowsOnlyAnother(connection, partition)
                                ? null
                                : ledger.open(connection, partition, start.getValue()));
            }
            connection.commit();
        }
        return opened;
    }
}
