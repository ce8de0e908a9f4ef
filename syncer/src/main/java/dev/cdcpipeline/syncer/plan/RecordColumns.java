package dev.cdcpipeline.syncer.plan;

import java.util.List;

/**
 * The arrays that {@link Records} share, each with one element per record. Not to be changed.
 *
 * @param block of each record key, value and headers, as far as it has them; of each header the
 *     number of its name, the length of its value (negative for null), both little-endian, and the
 *     value
 * @param use the use of the block that this is
 * @param ends where the bytes of a record end, and those of the next start
 * @param keys the length of the key, negative for null
 * @param values the length of the value, negative for null
 * @param offsets the offset
 * @param timestamps Kafka's time of the record, in milliseconds, negative for none
 * @param leaderEpochs Kafka's leader epoch, or {@link Progress#UNKNOWN_EPOCH}
 * @param headerNames the names of headers by their numbers
 */
@SuppressWarnings("ArrayRecordComponent") // not compared, and a copy would cost
record RecordColumns(
        Block block,
        int use,
        int[] ends,
        int[] keys,
        int[] values,
        long[] offsets,
        long[] timestamps,
        int[] leaderEpochs,
        List<String> headerNames) {

    /** So many bytes are before the value of a header. */
    static final int BEFORE_HEADER = 2 * Integer.BYTES;

    /**
     * The bytes.
     *
     * @throws IllegalStateException when the records were released
     */
    byte[] bytes() {
        return block.bytes(use);
    }

    /** How many records there are. */
    int count() {
        return ends.length;
    }

    /** Where the bytes of a record start. */
    int start(int record) {
        return record == 0 ? 0 : ends[record - 1];
    }
}
