package dev.cdcpipeline.syncer.write;

import dev.cdcpipeline.syncer.plan.Advance;
import dev.cdcpipeline.syncer.plan.PartitionId;
import dev.cdcpipeline.syncer.plan.Progress;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import javax.sql.DataSource;

/** The ledger as the poll loop's helpers see it. Thread-safe. */
public final class LedgerStore {
    /** No such table, no such schema. */
    private static final Set<String> GONE = Set.of("42P01", "3F000");

    private final DataSource pool;
    private final Ledger ledger;

    public LedgerStore(DataSource pool, Ledger ledger) {
        this.pool = pool;
        this.ledger = ledger;
    }

    /**
     * Creates the Syncer's own tables where they are missing.
     *
     * @throws TableShapeException if one that is there would not take what is written to it
     */
    public void prepare() throws SQLException {
        inTransaction(
                connection -> {
                    Schema.createOwnTables(connection);
                    Schema.checkOwnTables(connection);
                    return true;
                });
    }

    /**
     * The offset that comes next in each of these partitions, without those that the ledger does
     * not know: all of them, if it is gone.
     *
     * @return empty where the server is a standby, which may not have heard of the last steps
     */
    public Optional<Map<PartitionId, Long>> nextOffsets(Collection<PartitionId> partitions)
            throws SQLException {
        try {
            return inTransaction(connection -> ledger.nextOffsets(connection, partitions));
        } catch (SQLException e) {
            if (isGone(e)) {
                return Optional.of(Map.of());
            }
            throw e;
        }
    }

    /** Whether it says that the ledger is not there. */
    public static boolean isGone(SQLException e) {
        return GONE.contains(String.valueOf(e.getSQLState()));
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
    public boolean knowsOnlyAnother(TopicIdentity topic) throws SQLException {
        return inTransaction(connection -> ledger.knowsOnlyAnother(connection, topic));
    }

    /** How many partitions the topic had when it was first applied. */
    public int partitions(TopicIdentity topic) throws SQLException {
        return inTransaction(connection -> ledger.partitions(connection, topic));
    }

    /** From now on the topic has as many partitions as it has now. */
    public void acceptPartitions(TopicIdentity topic) throws SQLException {
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
        Progress to = from.passTo(offset, Progress.UNKNOWN_EPOCH);
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
