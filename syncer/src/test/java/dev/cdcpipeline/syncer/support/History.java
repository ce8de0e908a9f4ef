package dev.cdcpipeline.syncer.support;

import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.model.Position;
import dev.cdcpipeline.model.wire.StreamId;
import dev.cdcpipeline.model.wire.WireFormat;
import dev.cdcpipeline.syncer.plan.PartitionId;
import dev.cdcpipeline.syncer.plan.RecordId;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * What a topic holds after the lives of some Watchers, or of the official MongoDB Kafka connector,
 * as {@link HistoryGenerator} makes it.
 *
 * @param headers whether the records have the pipeline's headers, as a Watcher writes them
 * @param partitions the records of each partition; a document is always in the same one
 * @param truth the documents that MongoDB has: key to value. The tables must be so only if {@link
 *     #generateLossless nothing was lost}
 */
public record History(boolean headers, List<List<Stored>> partitions, Map<String, String> truth) {

    /**
     * One event, in words.
     *
     * @param before the {@code _id} by which the event names the document
     * @param after the {@code _id} in the document, of another type perhaps
     * @param value what the document says, another one in each event
     */
    public record Entry(
            int partition,
            Kind kind,
            DocumentId before,
            DocumentId after,
            long version,
            @Nullable Position position,
            @Nullable StreamId stream,
            int value) {

        /** The number of the document. */
        int key() {
            return before.document();
        }

        /** The event as a Watcher publishes it. */
        Entry by(@Nullable StreamId ofStream, long generation) {
            return new Entry(
                    partition,
                    kind,
                    before,
                    after,
                    version,
                    position == null ? null : new Position(generation, position.token()),
                    ofStream,
                    value);
        }

        /** The same in another partition. */
        Entry in(int otherPartition) {
            return new Entry(otherPartition, kind, before, after, version, position, stream, value);
        }
    }

    /**
     * One record.
     *
     * @param entry the event in it
     * @param offset where it is
     * @param format how it is written
     * @param setAside whether it is a dead letter, as PostgreSQL refuses it
     * @param playedBack whether it is a dead letter that was put back, after its cause was mended
     */
    public record Stored(
            Entry entry, long offset, WireFormat format, boolean setAside, boolean playedBack) {}

    /** What a record is. */
    public enum Kind {
        INSERT,
        UPDATE,
        REPLACE,
        DELETE,
        /** The two halves of a document's move to another shard. */
        MOVED_IN,
        MOVED_OUT,
        SNAPSHOT,
        DROP,
        /** Another collection took the place of this one. */
        RENAMED_OVER,
        /** {@code $out} did, by its temporary collection. */
        OUT,
        RENAMED_AWAY,
        TOMBSTONE,
        GARBAGE;

        /** Whether all rows of before go. */
        boolean isSweep() {
            return switch (this) {
                case DROP, RENAMED_OVER, OUT, RENAMED_AWAY -> true;
                case INSERT,
                        UPDATE,
                        REPLACE,
                        DELETE,
                        MOVED_IN,
                        MOVED_OUT,
                        SNAPSHOT,
                        TOMBSTONE,
                        GARBAGE ->
                        false;
            };
        }

        /** Whether it says something of rows. */
        boolean isEvent() {
            return this != TOMBSTONE && this != GARBAGE;
        }
    }

    /** A history by chance, as Watchers or the connector make it. */
    public static History generate(RandomGenerator random) {
        return new HistoryGenerator(random, HistoryGenerator.Manner.USUAL).generate();
    }

    /** Also with what neither does: snapshot rows that are older than the stream's state. */
    public static History generateStrange(RandomGenerator random) {
        return new HistoryGenerator(random, HistoryGenerator.Manner.STRANGE).generate();
    }

    /**
     * One of Watchers only, in which no record is refused, and nothing is removed from the log but
     * what is in it once more, or was overtaken.
     */
    public static History generateLossless(RandomGenerator random) {
        return new HistoryGenerator(random, HistoryGenerator.Manner.LOSSLESS).generate();
    }

    /** The partitions as Kafka has them, with the collection's events. */
    public List<List<ConsumerRecord<ByteBuffer, ByteBuffer>>> records(
            Namespace namespace, String topic) {
        var writer = new HistoryRecords(namespace, topic, headers);
        var all = new ArrayList<List<ConsumerRecord<ByteBuffer, ByteBuffer>>>();
        for (List<Stored> partition : partitions) {
            all.add(partition.stream().map(writer::record).toList());
        }
        return all;
    }

    /** Where the dead letters are in the topic. */
    public Set<RecordId> setAside(String topic) {
        var ids = new HashSet<RecordId>();
        for (int partition = 0; partition < partitions.size(); partition++) {
            for (Stored stored : partitions.get(partition)) {
                if (stored.setAside()) {
                    ids.add(new RecordId(topic, partition, stored.offset()));
                }
            }
        }
        return ids;
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
