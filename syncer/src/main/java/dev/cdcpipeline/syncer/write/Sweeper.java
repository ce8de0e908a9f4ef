package dev.cdcpipeline.syncer.write;

import dev.cdcpipeline.syncer.plan.SweepMark;
import dev.cdcpipeline.syncer.schema.TableConflictException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.function.ToIntFunction;

/**
 * Counts sweep markers in the transaction of their batch. Each partition of a topic has one; the
 * last to arrive deletes the rows of an older version. Before that a partition that is behind could
 * still bring an older row back (I3). Thread-safe.
 */
public final class Sweeper {
    private static final Logger log = LoggerFactory.getLogger(Sweeper.class);

    private static final String LOCK = "select pg_advisory_xact_lock(hashtextextended(?, 0))";

    private static final String ARRIVE =
            """
            insert into cdc.sweep as s
                (consumer_group, topic_id, partition, table_schema, table_name, version)
            values (?, ?, ?, ?, ?, ?)
            on conflict (consumer_group, topic_id, table_schema, table_name, partition)
            do update set version = excluded.version where s.version < excluded.version""";

    private static final String COUNT =
            """
            select count(*) from cdc.sweep
            where consumer_group = ? and topic_id = ? and table_schema = ? and table_name = ?
                and version >= ?""";

    private static final String NO_TIMEOUT =
            """
            select set_config(name, '0', true) from pg_settings
            where name in ('statement_timeout', 'transaction_timeout')""";

    private final String group;
    private final SweepPolicy policy;
    private final Tables tables;
    private final ToIntFunction<UUID> partitions;
    private final Runnable ignored;

    /**
     * @param group the consumer group
     * @param policy what to do
     * @param tables knows which tables exist
     * @param partitions the number of partitions of a topic
     * @param ignored told of markers that cannot be followed
     */
    public Sweeper(
            String group,
            SweepPolicy policy,
            Tables tables,
            ToIntFunction<UUID> partitions,
            Runnable ignored) {
        this.group = group;
        this.policy = policy;
        this.tables = tables;
        this.partitions = partitions;
        this.ignored = ignored;
    }

    /**
     * Looks at the table, as is done before rows are written: it may be another collection's, or
     * somebody's who made it beforehand. Works in its own transaction on the connection, which has
     * none open.
     *
     * @throws TableShapeException if it is not ours to delete from
     * @throws TableConflictException if it has rows of another collection
     */
    void prepare(Connection connection, SweepMark mark) throws SQLException {
        if (policy == SweepPolicy.MIRROR && isFollowed(mark)) {
            tables.find(connection, mark.table());
        }
    }

    /** The other partitions must say that they are past it: else nothing tells when. */
    private boolean isFollowed(SweepMark mark) {
        return mark.everywhere() || partitions.applyAsInt(mark.partition().topicId()) <= 1;
    }

    /**
     * Takes note of a marker.
     *
     * @return how many rows it removed, being the last one
     * @throws TableConflictException if the rows are another collection's
     */
    long arrived(Connection connection, SweepMark mark) throws SQLException {
        if (policy == SweepPolicy.IGNORE) {
            return 0;
        }
        if (!isFollowed(mark)) {
            log.warn(
                    "A drop or rename of the collection of {} is in {} only, not in every partition of"
                            + " the topic: its rows stay. Delete those with _cdc_version < {} by hand.",
                    mark.table(),
                    mark.partition(),
                    mark.version().value());
            ignored.run();
            return 0;
        }
        lock(connection, mark);
        if (!note(connection, mark)) {
            return 0; // come again: what is older now, such as copies without a time, came after it
        }
        boolean complete =
                count(connection, mark) >= partitions.applyAsInt(mark.partition().topicId());
        if (!complete || !tables.exists(connection, mark.table())) {
            return 0;
        }
        tables.requireOwn(connection, mark.table());
        Interference interference = Interference.of(connection, mark.table());
        interference.check(mark.table());
        long swept = deleteOlder(connection, mark);
        if (!interference.rowTriggers().isEmpty()) {
            requireSwept(connection, mark, interference.rowTriggers());
        }
        return swept;
    }

    /** Of two partitions that are last at the same time, one must see the other. */
    private void lock(Connection connection, SweepMark mark) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(LOCK)) {
            statement.setString(1, group + " " + mark.partition().topicId() + " " + mark.table());
            statement.execute();
        }
    }

    /** Returns false if this marker, or a newer one, was noted before. */
    private boolean note(Connection connection, SweepMark mark) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(ARRIVE)) {
            insert.setString(1, group);
            insert.setObject(2, mark.partition().topicId());
            insert.setInt(3, mark.partition().partition());
            insert.setString(4, mark.table().schema());
            insert.setString(5, mark.table().table());
            insert.setLong(6, mark.version().value());
            return insert.executeUpdate() > 0;
        }
    }

    private long count(Connection connection, SweepMark mark) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(COUNT)) {
            query.setString(1, group);
            query.setObject(2, mark.partition().topicId());
            query.setString(3, mark.table().schema());
            query.setString(4, mark.table().table());
            query.setLong(5, mark.version().value());
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private static long deleteOlder(Connection connection, SweepMark mark) throws SQLException {
        try (PreparedStatement patience = connection.prepareStatement(NO_TIMEOUT)) {
            patience.execute(); // a whole table may go
        }
        connection.setNetworkTimeout(Runnable::run, 0); // the pool sets it back
        String sql = "delete from " + mark.table().quoted() + " where _cdc_version < ?";
        try (PreparedStatement delete = connection.prepareStatement(sql)) {
            delete.setLong(1, mark.version().value());
            return delete.executeLargeUpdate();
        }
    }

    private static void requireSwept(
            Connection connection, SweepMark mark, List<String> rowTriggers) throws SQLException {
        String sql = "select count(*) from " + mark.table().quoted() + " where _cdc_version < ?";
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setLong(1, mark.version().value());
            try (ResultSet row = query.executeQuery()) {
                row.next();
                if (row.getLong(1) > 0) {
                    throw TableShapeException.suppressed(mark.table(), row.getLong(1), rowTriggers);
                }
            }
        }
    }
}
