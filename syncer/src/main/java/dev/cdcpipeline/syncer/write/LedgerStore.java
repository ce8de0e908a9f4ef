package dev.cdcpipeline.syncer.write;

import dev.cdcpipeline.syncer.plan.Advance;
import dev.cdcpipeline.syncer.plan.PartitionId;
import dev.cdcpipeline.syncer.plan.Progress;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

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
        } catch (SQLException e) {
            throw MissingPrivilegeException.explain(e);
        }
    }

    /**
     * How much of Kafka the ledger knows.
     *
     * @param topics how many topics
     * @param partitions how many partitions of them
     * @param last when one was moved on last, as text
     */
    public record Extent(int topics, int partitions, String last) {}

    /** What the ledger knows of this group. */
    public Extent extent() throws SQLException {
        try (Connection connection = pool.getConnection()) {
            return ledger.extent(connection);
        }
    }

    /** Is the topic's name known with another identifier only? Then it was created anew. */
    public boolean knowsOnlyAnother(KnownTopic topic) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            return ledger.knowsOnlyAnother(connection, topic);
        }
    }

    /** How many partitions the topic had when it was first applied. */
    public int partitions(KnownTopic topic) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            int partitions = ledger.partitions(connection, topic);
            connection.commit();
            return partitions;
        }
    }

    /** From now on the topic has as many partitions as it has now. */
    public void acceptPartitions(KnownTopic topic) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            ledger.acceptPartitions(connection, topic);
            connection.commit();
        }
    }

    /**
     * Reads how far a partition is, and enters it if it is not known yet.
     *
     * @param start the first offset, if it is not known yet
     */
    public Progress open(PartitionId partition, long start) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            Progress progress = ledger.open(connection, partition, start);
            connection.commit();
            return progress;
        }
    }

    /**
     * Moves a partition to another offset, unless somebody else moved it; returns where it is. The
     * leader epoch is forgotten: it belongs to records of another place.
     */
    public Progress move(Progress from, long offset) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            var to = new Progress(from.partition(), offset, from.position());
            ledger.advance(connection, List.of(new Advance(from, to)));
            connection.commit();
        }
        return open(from.partition(), offset);
    }
}
