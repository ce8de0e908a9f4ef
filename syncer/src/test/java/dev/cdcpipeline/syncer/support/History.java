package dev.cdcpipeline.syncer.support;

import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.model.Position;
import dev.cdcpipeline.model.ResumeToken;
import dev.cdcpipeline.model.Version;
import dev.cdcpipeline.model.wire.RecordHeaders;
import dev.cdcpipeline.model.wire.RecordKind;
import dev.cdcpipeline.syncer.plan.PartitionId;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * What a topic holds after a Watcher's life: changes of few documents in order, with transactions
 * (equal versions), snapshot rows, sweeps, tombstones, garbage, and whole stretches published again
 * after restarts. Partitions in order; a document is always in the same one.
 */
public final class History {
    private static final int KEYS = 6;

    /** One record, in words. */
    public record Entry(
            int partition,
            Kind kind,
            int key,
            long version,
            @Nullable Position position,
            int value) {}

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

    private final List<List<Entry>> partitions = new ArrayList<>();
    private final List<Entry> stream = new ArrayList<>();
    private long version = 10;
    private long sweptAt;
    private int tick;
    private final long[] changedAt = new long[KEYS];
    private final boolean strange;

    private History(int partitionCount, boolean strange) {
        this.strange = strange;
        for (int i = 0; i < partitionCount; i++) {
            partitions.add(new ArrayList<>());
        }
    }

    /** A history by chance, as a Watcher makes it. */
    public static History generate(RandomGenerator random) {
        return generate(random, false);
    }

    /** Also with what no Watcher does: snapshot rows that are older than the stream's state. */
    public static History generateStrange(RandomGenerator random) {
        return generate(random, true);
    }

    private static History generate(RandomGenerator random, boolean strange) {
        var history = new History(random.nextInt(1, 4), strange);
        int length = random.nextInt(1, 60);
        for (int i = 0; i < length; i++) {
            history.step(random);
        }
        return history;
    }

    private void step(RandomGenerator random) {
        int dice = random.nextInt(100);
        if (dice < 8 && !stream.isEmpty()) {
            publishAgain(random.nextInt(stream.size()));
        } else if (dice < 11) {
            sweep();
        } else if (dice < 14) {
            int key = random.nextInt(KEYS);
            add(new Entry(partitionOf(key), Kind.TOMBSTONE, key, 0, null, 0));
        } else if (dice < 17) {
            int key = random.nextInt(KEYS);
            add(new Entry(partitionOf(key), Kind.GARBAGE, key, 0, null, 0));
        } else if (dice < 25) {
            snapshot(random);
        } else {
            change(random);
        }
    }

    private void change(RandomGenerator random) {
        version += random.nextInt(4) == 0 ? 0 : random.nextInt(1, 3);
        int key = random.nextInt(KEYS);
        changedAt[key] = version;
        Kind kind =
                switch (random.nextInt(4)) {
                    case 0 -> Kind.DELETE;
                    case 1 -> Kind.UPDATE;
                    default -> Kind.INSERT;
                };
        publish(new Entry(partitionOf(key), kind, key, version, next(), tick));
    }

    /** Its version is not older than the last sweep, as a snapshot after it was read after it. */
    private void snapshot(RandomGenerator random) {
        int key = random.nextInt(KEYS);
        long low = Math.max(sweptAt, version - random.nextInt(5));
        low = strange ? low : Math.max(low, changedAt[key]);
        changedAt[key] = low;
        tick++;
        add(new Entry(partitionOf(key), Kind.SNAPSHOT, key, low, null, tick));
    }

    private void sweep() {
        version += 2;
        sweptAt = version;
        Position position = next();
        for (int partition = 0; partition < partitions.size(); partition++) {
            publish(new Entry(partition, Kind.SWEEP, 0, version, position, 0));
        }
    }

    private Position next() {
        tick++;
        byte[] token = ByteBuffer.allocate(5).put((byte) 0x82).putInt(tick).array();
        return new Position(1, ResumeToken.ofBytes(token));
    }

    private void publish(Entry entry) {
        stream.add(entry);
        add(entry);
    }

    private void add(Entry entry) {
        partitions.get(entry.partition()).add(entry);
    }

    /** A Watcher restarted at an older position. */
    private void publishAgain(int from) {
        stream.subList(from, stream.size()).forEach(this::add);
    }

    private int partitionOf(int key) {
        return key % partitions.size();
    }

    /** The records of each partition, in words. */
    public List<List<Entry>> partitions() {
        return partitions;
    }

    /** The partitions as Kafka has them, with the collection's events in JSON. */
    public List<List<ConsumerRecord<ByteBuffer, ByteBuffer>>> records(
            Namespace namespace, String topic) {
        return partitions.stream()
                .map(
                        entries -> {
                            var records = new ArrayList<ConsumerRecord<ByteBuffer, ByteBuffer>>();
                            for (Entry entry : entries) {
                                // Offsets have holes, as in compacted topics.
                                long offset = 3L * records.size();
                                records.add(record(namespace, topic, entry, offset));
                            }
                            return (List<ConsumerRecord<ByteBuffer, ByteBuffer>>) records;
                        })
                .toList();
    }

    private static ConsumerRecord<ByteBuffer, ByteBuffer> record(
            Namespace namespace, String topic, Entry entry, long offset) {
        var headers = new org.apache.kafka.common.header.internals.RecordHeaders();
        if (entry.kind() != Kind.GARBAGE && entry.kind() != Kind.TOMBSTONE) {
            new RecordHeaders(entry.position(), new Version(entry.version()), kind(entry))
                    .forEach(headers::add);
        }
        byte[] value = value(namespace, entry);
        return new ConsumerRecord<>(
                topic,
                entry.partition(),
                offset,
                0,
                TimestampType.CREATE_TIME,
                0,
                value == null ? 0 : value.length,
                ByteBuffer.wrap("key".getBytes(StandardCharsets.UTF_8)),
                value == null ? null : ByteBuffer.wrap(value),
                headers,
                Optional.empty());
    }

    private static RecordKind kind(Entry entry) {
        return switch (entry.kind()) {
            case SNAPSHOT -> RecordKind.SNAPSHOT;
            case SWEEP -> RecordKind.SWEEP;
            case INSERT, UPDATE, DELETE, TOMBSTONE, GARBAGE -> RecordKind.CHANGE;
        };
    }

    private static byte @Nullable [] value(Namespace namespace, Entry entry) {
        String operation =
                switch (entry.kind()) {
                    case INSERT, SNAPSHOT -> "insert";
                    case UPDATE -> "update";
                    case DELETE -> "delete";
                    case SWEEP -> "drop";
                    case TOMBSTONE, GARBAGE -> "";
                };
        if (entry.kind() == Kind.TOMBSTONE) {
            return null;
        }
        if (entry.kind() == Kind.GARBAGE) {
            return "{\"operationType\":".getBytes(StandardCharsets.UTF_8);
        }
        var json = new StringBuilder("{\"operationType\":\"" + operation + "\"");
        json.append(",\"ns\":{\"db\":\"").append(namespace.database());
        json.append("\",\"coll\":\"").append(namespace.collection()).append("\"}");
        if (entry.kind() != Kind.SWEEP) {
            json.append(",\"documentKey\":{\"_id\":\"").append(key(entry.key())).append("\"}");
        }
        if (entry.kind() != Kind.SWEEP && entry.kind() != Kind.DELETE) {
            json.append(",\"fullDocument\":{\"_id\":\"").append(key(entry.key()));
            json.append("\",\"value\":").append(entry.value()).append('}');
        }
        return json.append('}').toString().getBytes(StandardCharsets.UTF_8);
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

    @Override
    public String toString() {
        return partitions.toString();
    }
}
