package dev.cdcpipeline.syncer.write;

import dev.cdcpipeline.model.Version;
import dev.cdcpipeline.syncer.plan.Late;
import dev.cdcpipeline.syncer.plan.PartitionId;
import dev.cdcpipeline.syncer.plan.RowChange;
import dev.cdcpipeline.syncer.schema.TableName;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/** The sweeps of a table that its partitions are past, by which late changes are refused. */
final class ArrivedSweeps {
    private static final String ARRIVED =
            """
            select topic_id, partition, version from cdc.sweep
            where consumer_group = ? and topic_id = any (?::uuid[])
                and table_schema = ? and table_name = ?""";

    private final String group;

    /** A place of a sweep. */
    private record Place(UUID topicId, int partition) {
        static Place of(PartitionId id) {
            return new Place(id.topicId(), id.partition());
        }
    }

    ArrivedSweeps(String group) {
        this.group = group;
    }

    /** The keys of those that are older than a sweep that came before them in their partition. */
    List<String> refused(Connection connection, TableName table, List<RowChange.Upsert> late)
            throws SQLException {
        Map<Place, Version> arrived = arrived(connection, table, topics(late));
        return arrived.isEmpty()
                ? List.of()
                : late.stream()
                        .filter(each -> isOlder(each, arrived))
                        .map(RowChange.Upsert::key)
                        .toList();
    }

    private static UUID[] topics(List<RowChange.Upsert> late) {
        return late.stream()
                .map(RowChange.Upsert::late)
                .flatMap(Stream::ofNullable)
                .map(each -> each.partition().topicId())
                .distinct()
                .toArray(UUID[]::new);
    }

    private static boolean isOlder(RowChange.Upsert upsert, Map<Place, Version> arrived) {
        Late late = upsert.late();
        if (late == null || late.isCopy()) {
            return false;
        }
        Version sweep = arrived.get(Place.of(late.partition()));
        return sweep != null && upsert.version().compareTo(sweep) < 0;
    }

    private Map<Place, Version> arrived(Connection connection, TableName table, UUID[] topics)
            throws SQLException {
        var arrived = new HashMap<Place, Version>();
        try (PreparedStatement query = connection.prepareStatement(ARRIVED)) {
            query.setString(1, group);
            query.setArray(2, connection.createArrayOf("uuid", topics));
            query.setString(3, table.schema());
            query.setString(4, table.table());
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    var place = new Place(rows.getObject(1, UUID.class), rows.getInt(2));
                    arrived.put(place, new Version(rows.getLong(3)));
                }
            }
        }
        return arrived;
    }
}
