package dev.cdcpipeline.syncer.plan;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Copies Kafka's records into the arrays of {@link Records}. Not thread-safe. */
final class RecordsCopy {
    private static final int NULL = -1;

    private final Map<String, Integer> headerNames = new HashMap<>();
    private final Block block;
    private final ByteBuffer bytes;
    private final int[] ends;
    private final int[] keys;
    private final int[] values;
    private final long[] offsets;
    private final long[] timestamps;
    private final int[] leaderEpochs;

    private RecordsCopy(Block block, int count) {
        this.block = block;
        this.bytes = ByteBuffer.wrap(block.bytes(block.use())).order(ByteOrder.LITTLE_ENDIAN);
        this.ends = new int[count];
        this.keys = new int[count];
        this.values = new int[count];
        this.offsets = new long[count];
        this.timestamps = new long[count];
        this.leaderEpochs = new int[count];
    }

    /** The first of these records, as many as go into one block, but one if there is any. */
    static Records ofFirst(
            TopicPartition partition,
            List<ConsumerRecord<ByteBuffer, ByteBuffer>> polled,
            RecordBlocks blocks) {
        int size = 0;
        int count = 0;
        while (count < polled.size()) {
            int withNext = size + size(polled.get(count));
            if (count > 0 && withNext > RecordBlocks.BLOCK) {
                break;
            }
            size = withNext;
            count++;
        }
        var copy = new RecordsCopy(blocks.take(size), count);
        for (int i = 0; i < count; i++) {
            copy.put(i, polled.get(i));
        }
        return new Records(partition, copy.columns(), 0, count, blocks);
    }

    private static int size(ConsumerRecord<ByteBuffer, ByteBuffer> record) {
        int size = Math.max(0, length(record.key())) + Math.max(0, length(record.value()));
        for (Header header : record.headers()) {
            size += RecordColumns.BEFORE_HEADER + Math.max(0, length(header.value()));
        }
        return size;
    }

    private void put(int at, ConsumerRecord<ByteBuffer, ByteBuffer> record) {
        keys[at] = put(record.key());
        values[at] = put(record.value());
        for (Header header : record.headers()) {
            byte[] value = header.value();
            bytes.putInt(headerNames.computeIfAbsent(header.key(), _ -> headerNames.size()));
            bytes.putInt(length(value));
            if (value != null) {
                bytes.put(value);
            }
        }
        ends[at] = bytes.position();
        offsets[at] = record.offset();
        timestamps[at] = record.timestamp();
        leaderEpochs[at] = record.leaderEpoch().orElse(Progress.UNKNOWN_EPOCH);
    }

    private int put(@Nullable ByteBuffer source) {
        int length = length(source);
        if (source != null) {
            bytes.put(bytes.position(), source, source.position(), length);
            bytes.position(bytes.position() + length);
        }
        return length;
    }

    private static int length(@Nullable ByteBuffer buffer) {
        return buffer == null ? NULL : buffer.remaining();
    }

    private static int length(byte @Nullable [] array) {
        return array == null ? NULL : array.length;
    }

    private RecordColumns columns() {
        var names = new String[headerNames.size()];
        headerNames.forEach((name, number) -> names[number] = name);
        return new RecordColumns(
                block,
                block.use(),
                ends,
                keys,
                values,
                offsets,
                timestamps,
                leaderEpochs,
                List.of(names));
    }
}
