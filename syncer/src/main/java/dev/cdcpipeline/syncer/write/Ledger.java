package dev.cdcpipeline.syncer.write;

import dev.cdcpipeline.model.Position;
import dev.cdcpipeline.model.ResumeToken;
import dev.cdcpipeline.model.Version;
import dev.cdcpipeline.model.wire.StreamId;
import dev.cdcpipeline.syncer.plan.Advance;
import dev.cdcpipeline.syncer.plan.PartitionId;
import dev.cdcpipeline.syncer.plan.Progress;
import dev.cdcpipeline.syncer.plan.Stretch;

import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * How far each partition has been applied, in the database that the rows are in, so that both move
 * in one transaction (I2). Every method works on the caller's transaction. Thread-safe: it holds no
 * state but the group's name.
 *
 * <p>A step is a compare-and-set on {@code next_offset}. An instance that lost its partition finds
 * that another one moved it on, and with that its whole transaction is void (I4).
 */
public final class Ledger {
    private static final long NO_GENERATION = -1;

    private static final String OPEN =
            """
            insert into cdc.ledger (consumer_group, topic_id, partition, topic, next_offset)
            values (?, ?, ?, ?, ?) on conflict do nothing""";

    /** Moved by hand, or by an older Syncer, it does not tell what was surely applied. */
    private static final String READ =
            """
            select next_offset, generation, position, stream,
                case when as_of = next_offset then since end, newest_removal, leader_epoch
            from cdc.ledger
            where consumer_group = ? and topic_id = ? and partition = ?""";

    private static final String EXTENT =
            """
            select count(distinct topic_id), count(*),
                coalesce(to_char(max(updated_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'never')
            from cdc.ledger where consumer_group = ?""";

    private static final String NEXT_OFFSETS =
            """
            select topic_id, partition, next_offset, standby
            from (select pg_is_in_recovery() as standby) as server
                left join cdc.ledger on consumer_group = ?""";

    private static final String OTHER_TOPIC =
            """
            select exists (select from cdc.ledger
            where consumer_group = ? and topic = ? and topic_id <> ?)
            and not exists (select from cdc.ledger where consumer_group = ? and topic_id = ?)""";

    private static final String ENTER_TOPIC =
            """
            insert into cdc.topic (consumer_group, topic_id, topic, partitions)
            values (?, ?, ?, ?) on conflict do nothing""";

    private static final String READ_TOPIC =
            "select partitions from cdc.topic where consumer_group = ? and topic_id = ?";

    private static final String ACCEPT_PARTITIONS =
            """
            update cdc.topic set partitions = greatest(partitions, ?)
            where consumer_group = ? and topic_id = ?""";

    private static final String ADVANCE =
            """
            update cdc.ledger as l
            set next_offset = u.next_offset, generation = nullif(u.generation, -1),
                position = u.position, stream = u.stream, since = u.since, as_of = u.next_offset,
                newest_removal = u.newest_removal, leader_epoch = u.leader_epoch, updated_at = now()
            from unnest(
                ?::uuid[], ?::int4[], ?::int8[], ?::int8[], ?::int8[], ?::bytea[], ?::int8[],
                ?::bytea[], ?::int8[], ?::int4[])
                as u (topic_id, partition, expected, next_offset, generation, position, stream,
                    since, newest_removal, leader_epoch)
            where l.consumer_group = ? and l.topic_id = u.topic_id
                and l.partition = u.partition and l.next_offset = u.expected
            returning l.topic_id, l.partition""";

    private final String group;

    /**
     * @param group the consumer group, whose ledger it is
     */
    public Ledger(String group) {
        this.group = group;
    }

    /** Whether there is a ledger. */
    boolean exists(Connection connection) throws SQLException {
        try (PreparedStatement query =
                        connection.prepareStatement(
                                "select to_regclass('cdc.ledger') is not null");
                ResultSet row = query.executeQuery()) {
            return row.next() && row.getBoolean(1);
        }
    }

    /**
     * The offset that comes next in each of these partitions, without those that the ledger does
     * not know.
     *
     * @return empty where the server is a standby, which may not have heard of the last steps
     */
    Optional<Map<PartitionId, Long>> nextOffsets(
            Connection connection, Collection<PartitionId> partitions) throws SQLException {
        var next = new HashMap<PartitionId, Long>();
        var byId = new HashMap<List<Object>, PartitionId>();
        partitions.forEach(each -> byId.put(List.of(each.topicId(), each.partition()), each));
        try (PreparedStatement query = connection.prepareStatement(NEXT_OFFSETS)) {
            query.setString(1, group);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    if (row.getBoolean(4)) {
                        return Optional.empty();
                    }
                    UUID topicId = row.getObject(1, UUID.class);
                    PartitionId id =
                            topicId == null ? null : byId.get(List.of(topicId, row.getInt(2)));
                    if (id != null) {
                        next.put(id, row.getLong(3));
                    }
                }
            }
        }
        return Optional.of(next);
    }

    /** What is known of this group. */
    LedgerStore.Extent extent(Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(EXTENT)) {
            query.setString(1, group);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return new LedgerStore.Extent(row.getInt(1), row.getInt(2), row.getString(3));
            }
        }
    }

    /** Is the topic's name known with another identifier only? Then it was created anew. */
    boolean knowsOnlyAnother(Connection connection, TopicIdentity topic) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(OTHER_TOPIC)) {
            query.setString(1, group);
            query.setString(2, topic.name());
            query.setObject(3, topic.id());
            query.setString(4, group);
            query.setObject(5, topic.id());
            try (ResultSet row = query.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    /** How many partitions the topic had when it was first asked for, which is now if never. */
    int partitions(Connection connection, TopicIdentity topic) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(ENTER_TOPIC)) {
            insert.setString(1, group);
            insert.setObject(2, topic.id());
            insert.setString(3, topic.name());
            insert.setInt(4, topic.partitions());
            insert.executeUpdate();
        }
        try (PreparedStatement query = connection.prepareStatement(READ_TOPIC)) {
            query.setString(1, group);
            query.setObject(2, topic.id());
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    /** The topic has as many partitions from now on. */
    void acceptPartitions(Connection connection, TopicIdentity topic) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(ACCEPT_PARTITIONS)) {
            update.setInt(1, topic.partitions());
            update.setString(2, group);
            update.setObject(3, topic.id());
            update.executeUpdate();
        }
    }

    /** How far the partition is; a partition that the ledger does not know is entered first. */
    Progress open(Connection connection, PartitionId partition, long startOffset)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(OPEN)) {
            insert.setString(1, group);
            insert.setObject(2, partition.topicId());
            insert.setInt(3, partition.partition());
            insert.setString(4, partition.topic());
            insert.setLong(5, startOffset);
            insert.executeUpdate();
        }
        try (PreparedStatement query = connection.prepareStatement(READ)) {
            query.setString(1, group);
            query.setObject(2, partition.topicId());
            query.setInt(3, partition.partition());
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return new Progress(
                        partition,
                        row.getLong(1),
                        stretch(row),
                        new Version(row.getLong(6)),
                        row.getInt(7));
            }
        }
    }

    private static @Nullable Stretch stretch(ResultSet row) throws SQLException {
        byte[] reached = row.getBytes(3);
        if (reached == null) {
            return null;
        }
        long generation = row.getLong(2);
        long stream = row.getLong(4);
        StreamId named = row.wasNull() ? null : new StreamId(stream);
        byte[] since = row.getBytes(5);
        return new Stretch(
                named,
                since == null ? null : position(generation, since),
                position(generation, reached));
    }

    private static Position position(long generation, byte[] token) {
        return new Position(generation, ResumeToken.ofBytes(token));
    }

    /**
     * Makes the steps that are still valid.
     *
     * @return the partitions that somebody else moved on; empty if all went well
     */
    Set<PartitionId> advance(Connection connection, List<Advance> advances) throws SQLException {
        var fenced = new HashSet<PartitionId>();
        advances.forEach(advance -> fenced.add(advance.from().partition()));
        try (PreparedStatement update = connection.prepareStatement(ADVANCE)) {
            bind(connection, update, advances);
            try (ResultSet rows = update.executeQuery()) {
                while (rows.next()) {
                    UUID topicId = rows.getObject(1, UUID.class);
                    int partition = rows.getInt(2);
                    fenced.removeIf(
                            id -> id.partition() == partition && id.topicId().equals(topicId));
                }
            }
        }
        return fenced;
    }

    private void bind(Connection connection, PreparedStatement update, Collection<Advance> advances)
            throws SQLException {
        var steps = new ArrayList<>(advances);
        int n = steps.size();
        var topics = new UUID[n];
        var partitions = new int[n];
        var expected = new long[n];
        var next = new long[n];
        var generations = new long[n];
        var positions = new byte[n][];
        var streams = new Long[n];
        var sinces = new byte[n][];
        var removals = new long[n];
        var epochs = new int[n];
        for (int i = 0; i < n; i++) {
            Progress from = steps.get(i).from();
            Progress to = steps.get(i).to();
            Stretch stretch = to.stretch();
            topics[i] = from.partition().topicId();
            partitions[i] = from.partition().partition();
            expected[i] = from.nextOffset();
            next[i] = to.nextOffset();
            generations[i] = stretch == null ? NO_GENERATION : stretch.reached().generation();
            positions[i] = token(stretch == null ? null : stretch.reached());
            streams[i] = stream(stretch);
            sinces[i] = token(stretch == null ? null : stretch.since());
            removals[i] = to.newestRemoval().value();
            epochs[i] = to.leaderEpoch();
        }
        var arrays = connection.unwrap(PGConnection.class);
        update.setArray(1, arrays.createArrayOf("uuid", topics));
        update.setArray(2, arrays.createArrayOf("int4", partitions));
        update.setArray(3, arrays.createArrayOf("int8", expected));
        update.setArray(4, arrays.createArrayOf("int8", next));
        update.setArray(5, arrays.createArrayOf("int8", generations));
        update.setArray(6, arrays.createArrayOf("bytea", positions));
        update.setArray(7, arrays.createArrayOf("int8", streams));
        update.setArray(8, arrays.createArrayOf("bytea", sinces));
        update.setArray(9, arrays.createArrayOf("int8", removals));
        update.setArray(10, arrays.createArrayOf("int4", epochs));
        update.setString(11, group);
    }

    @SuppressWarnings("NullAway") // an array element for SQL null
    private static Long stream(@Nullable Stretch stretch) {
        return stretch == null || stretch.stream() == null ? null : stretch.stream().value();
    }

    @SuppressWarnings("NullAway") // an array element for SQL null
    private static byte[] token(@Nullable Position position) {
        return position == null ? null : position.token().toBytes();
    }
}
