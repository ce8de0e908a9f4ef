package dev.cdcpipeline.syncer.plan;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The arrays that records wait in. Those of a backlog, full of records, are used again once these
 * are applied: the collector would copy each of them, and what fills a new one writes to memory
 * that no processor's cache has. There are never more than were filled at the same time, which the
 * queue and the batches bound (I7). Thread-safe.
 */
public final class RecordBlocks {
    /** What is larger has an array of its own. */
    static final int BLOCK = 256 << 10;

    /** What is smaller, too: a block for it would be mostly empty. */
    private static final int NEARLY_FULL = BLOCK / 8 * 7;

    private final Queue<Block> free = new ConcurrentLinkedQueue<>();

    /**
     * Copies what a poll returned of a partition, so that Kafka's buffers need not be kept.
     *
     * @return the records in order, a block of them at a time; without records, one that is empty
     */
    public List<Records> copy(
            TopicPartition partition, List<ConsumerRecord<ByteBuffer, ByteBuffer>> polled) {
        var copies = new ArrayList<Records>();
        int copied = 0;
        do {
            var rest = polled.subList(copied, polled.size());
            Records next = RecordsCopy.ofFirst(partition, rest, this);
            copies.add(next);
            copied += next.size();
        } while (copied < polled.size());
        return copies;
    }

    /** One for so many bytes. */
    Block take(int size) {
        if (size < NEARLY_FULL || size > BLOCK) {
            return new Block(size);
        }
        Block used = free.poll();
        return used != null ? used : new Block(BLOCK);
    }

    /** Takes one back, whose use has ended. */
    void giveBack(Block block) {
        if (block.size() == BLOCK) {
            free.add(block);
        }
    }
}
