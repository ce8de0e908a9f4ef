package dev.cdcpipeline.syncer.plan;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The arrays that records wait in. Those of a backlog, full of records, are used again once these
 * are applied, as the collector would copy each of them. Thread-safe.
 */
public final class RecordBlocks {
    /** What is larger has an array of its own. */
    static final int BLOCK = 256 << 10;

    /** What is smaller, too: a block for it would be mostly empty. */
    private static final int NEARLY_FULL = BLOCK / 8 * 7;

    private final Queue<Block> free;

    /**
     * @param mostKept how many bytes of arrays that nobody uses are kept (I7); at least one of 256
     *     KiB
     */
    public RecordBlocks(long mostKept) {
        this.free = new LinkedBlockingQueue<>(Math.toIntExact(mostKept / BLOCK));
    }

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

    /** Takes one back, whose use has ended, unless enough are kept. */
    void giveBack(Block block) {
        if (block.size() == BLOCK) {
            free.offer(block);
        }
    }
}
