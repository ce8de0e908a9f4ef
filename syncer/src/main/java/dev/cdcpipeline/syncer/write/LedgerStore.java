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
        inTransaction(
                connection -> {
                    Schema.createOwnTables(connection);
                    return true;
                });
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
        return inTransaction(ledger::extent);
    }

    /** Is the topic's name known with another identifier only? Then it was created anew. */
    public boolean knowsOnlyAnother(KnownTopic topic) throws SQLException {
        return inTransaction(connection -> ledger.knowsOnlyAnother(connection, topic));
    }

    /** How many partitions the topic had when it was first applied. */
    public int partitions(KnownTopic topic) throws SQLException {
        return inTransaction(connection -> ledger.partitions(connection, topic));
    }

    /** From now on the topic has as many partitions as it has now. */
    public void acceptPartitions(KnownTopic topic) throws SQLException {
        inTransaction(
                connection -> {
                    ledger.acceptPartitions(connection, topic);
                    return true;
                });
    }

    /**
     * Reads how far a partition is, and enters it if it is not known yet.
     *
     * @param start the first offset, if it is not known yet
     */
    public Progress open(PartitionId partition, long start) throws SQLException {
        return inTransaction(connection -> ledger.open(connection, partition, start));
    }

    /**
     * Moves a partition to another offset, unless somebody else moved it; returns where it is. The
     * leader epoch is forgotten: it belongs to records of another place.
     */
    public Progress move(Progress from, long offset) throws SQLException {
        var to = new Progress(from.partition(), offset, from.position());
        return inTransaction(
                connection -> {
                    ledger.advance(connection, List.of(new Advance(from, to)));
                    return ledger.open(connection, from.partition(), offset);
                });
    }

    /** Something to do with a connection. */
    @FunctionalInterface
    private interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    private <T> T inTransaction(Work<T> work) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            T result = work.on(connection);
            connection.commit();
            return result;
        } catch (SQLException e) {
            throw MissingPrivilegeException.explain(e);
        }
    }
}
