package dev.cdcpipeline.syncer.support;

import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.model.Position;
import dev.cdcpipeline.model.wire.WireFormat;
import dev.cdcpipeline.syncer.plan.PartitionId;
import dev.cdcpipeline.syncer.plan.RecordId;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * What a topic holds after the life of a Watcher, or of the official MongoDB Kafka connector, as
 * {@link HistoryGenerator} makes it.
 *
 * @param headers whether the records have the pipeline's headers, as a Watcher writes them
 * @param partitions the records of each partition; a document is always in the same one
 */
public record History(boolean headers, List<List<Stored>> partitions) {
    // Offsets have holes, as in compacted topics.
    private static final long STEP = 3;

    /** One event, in words. */
    public record Entry(
            int partition,
            Kind kind,
            int key,
            long version,
            @Nullable Position position,
            int value) {

        /** The event in another generation. */
        Entry in(long generation) {
            return position == null
                    ? this
                    : new Entry(
                            partition,
                            kind,
                            key,
                            version,
                            new Position(generation, position.token()),
                            value);
        }
    }

    /**
     * One record.
     *
     * @param entry the event in it
     * @param format how it is written
     * @param setAside whether it is a dead letter, as PostgreSQL refuses it
     */
    public record Stored(Entry entry, WireFormat format, boolean setAside) {}

    /** What a record is. */
    public enum Kind {
        INSERT,
        UPDATE,
        DELETE,
        SNAPSHOT,
        SWEEP,
        TOMBSTONE,
        GARBAGE
    }

    /** A history by chance, as a Watcher or the connector makes it. */
    public static History generate(RandomGenerator random) {
        return new HistoryGenerator(random, false).generate();
    }

    /** Also with what neither does: snapshot rows that are older than the stream's state. */
    public static History generateStrange(RandomGenerator random) {
        return new HistoryGenerator(random, true).generate();
    }

    /** Was the stream rewound by an operator? Then deleted documents come back for a while. */
    public boolean isRewound() {
        return entries()
                        .filter(each -> each.kind() != Kind.SNAPSHOT)
                        .map(Entry::position)
                        .flatMap(Stream::ofNullable)
                        .map(Position::generation)
                        .distinct()
                        .count()
                > 1;
    }

    private Stream<Entry> entries() {
        return partitions.stream().flatMap(List::stream).map(Stored::entry);
    }

    /** The partitions as Kafka has them, with the collection's events. */
    public List<List<ConsumerRecord<ByteBuffer, ByteBuffer>>> records(
            Namespace namespace, String topic) {
        var writer = new HistoryRecords(namespace, topic, headers);
        var all = new ArrayList<List<ConsumerRecord<ByteBuffer, ByteBuffer>>>();
        for (List<Stored> partition : partitions) {
            var records = new ArrayList<ConsumerRecord<ByteBuffer, ByteBuffer>>();
            partition.forEach(each -> records.add(writer.record(each, STEP * records.size())));
            all.add(records);
        }
        return all;
    }

    /** Where the dead letters are in the topic. */
    public Set<RecordId> setAside(String topic) {
        var ids = new HashSet<RecordId>();
        for (int partition = 0; partition < partitions.size(); partition++) {
            List<Stored> records = partitions.get(partition);
            for (int i = 0; i < records.size(); i++) {
                if (records.get(i).setAside()) {
                    ids.add(new RecordId(topic, partition, STEP * i));
                }
            }
        }
        return ids;
    }

    /** The row key of a document. */
    public static String key(int key) {
        return "key-" + key;
    }

    /** The identifiers of the partitions. */
    public List<PartitionId> ids(UUID topicId, String topic) {
        var ids = new ArrayList<PartitionId>();
        for (int partition = 0; partition < partitions.size(); partition++) {
            ids.add(new PartitionId(topicId, topic, partition));
        }
        return ids;
    }
}
