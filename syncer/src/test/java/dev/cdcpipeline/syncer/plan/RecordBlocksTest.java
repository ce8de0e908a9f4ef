package dev.cdcpipeline.syncer.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cdcpipeline.testkit.Property;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

class RecordBlocksTest {
    private static final TopicPartition PARTITION = new TopicPartition("topic", 0);
    private static final byte[] KEY = {7};
    private static final int RECORD = 1_000;
    private static final int FULL = RecordBlocks.BLOCK / RECORD;

    private final RecordBlocks blocks = new RecordBlocks(1 << 20);

    private Records copy(int count) {
        return blocks.copy(PARTITION, polled(0, count, RECORD)).getFirst();
    }

    /** Of so many bytes; each byte of the value is its offset's lowest. */
    private static List<ConsumerRecord<ByteBuffer, ByteBuffer>> polled(
            long from, int count, int size) {
        var polled = new ArrayList<ConsumerRecord<ByteBuffer, ByteBuffer>>();
        for (long offset = from; offset < from + count; offset++) {
            byte[] value = new byte[size - KEY.length];
            Arrays.fill(value, (byte) offset);
            polled.add(
                    new ConsumerRecord<>(
                            "topic", 0, offset, ByteBuffer.wrap(KEY), ByteBuffer.wrap(value)));
        }
        return polled;
    }

    @Test
    @DisplayName("the array of records that are applied takes later ones")
    void usesArraysAgain() {
        Records first = copy(FULL);
        byte[] array = first.get(0).array();
        Records second = copy(FULL);
        assertThat(second.get(0).array()).isNotSameAs(array);

        first.release();

        assertThat(copy(FULL).get(0).array()).isSameAs(array);
        assertThat(copy(FULL).get(0).array()).isNotSameAs(array);
    }

    @Test
    @DisplayName("I7: no more arrays are kept than there may be")
    void keepsNoMoreThanItMay() {
        int kept = (1 << 20) / RecordBlocks.BLOCK;
        List<Records> records = Stream.generate(() -> copy(FULL)).limit(kept + 1).toList();
        Set<byte[]> arrays = arrays(records);
        records.forEach(Records::release);

        Set<byte[]> next = arrays(Stream.generate(() -> copy(FULL)).limit(kept + 1).toList());

        assertThat(next).hasSize(kept + 1);
        next.retainAll(arrays);
        assertThat(next).hasSize(kept);
    }

    private static Set<byte[]> arrays(List<Records> records) {
        Set<byte[]> arrays = Collections.newSetFromMap(new IdentityHashMap<>());
        records.forEach(each -> arrays.add(each.get(0).array()));
        return arrays;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, FULL / 2})
    @DisplayName("5.4: few records have an array of their own, no larger than they are")
    void fewRecordsHaveAnArrayOfTheirOwn(int count) {
        Records few = copy(count);
        assertThat(few.get(0).array()).hasSize(count * RECORD);
        few.release();
        assertThat(copy(FULL).get(0).array()).hasSize(RecordBlocks.BLOCK);
    }

    @Test
    @DisplayName("5.4: a large record has an array of its own, which is not kept")
    void aLargeRecordHasAnArrayOfItsOwn() {
        List<Records> copies = blocks.copy(PARTITION, polled(0, 2, 2 * RecordBlocks.BLOCK));
        assertThat(copies).hasSize(2);
        byte[] array = copies.getFirst().get(0).array();
        assertThat(array).hasSize(2 * RecordBlocks.BLOCK);
        copies.forEach(Records::release);
        assertThat(copy(FULL).get(0).array()).isNotSameAs(array).hasSize(RecordBlocks.BLOCK);
    }

    @Test
    @DisplayName("I5: whoever reads released records is told so, and does not get others")
    void releasedRecordsCannotBeRead() {
        Records records = copy(FULL);
        RecordView view = records.get(1);
        records.release();
        copy(FULL);

        assertThatThrownBy(view::array).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(view::toRecord).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(view::key).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(records::release).isInstanceOf(IllegalStateException.class);
    }

    @Test
    @DisplayName("I5: of records that were cut, the array is free when the last ones are applied")
    void theLastOnesReleaseTheArray() {
        Records records = copy(FULL);
        Records first = records.first(10);
        Records last = records.after(10);

        first.release();
        assertThat(value(last.get(0))).isEqualTo((byte) 10);
        assertThat(copy(FULL).get(0).array()).isNotSameAs(last.get(0).array());

        last.release();
        assertThatThrownBy(() -> last.get(0).array()).isInstanceOf(IllegalStateException.class);
    }

    private static byte value(RecordView record) {
        byte[] value = record.toRecord().value();
        assertThat(value).containsOnly(value[0]);
        return value[0];
    }

    @Test
    @DisplayName("I5: records that wait stay as they are, whatever is applied and copied meanwhile")
    void recordsThatWaitStayAsTheyAre() {
        Property.forAll(100, RandomGenerator::nextLong, RecordBlocksTest::workOff);
    }

    /** As the poll loop and a worker do, with batches that end within blocks. */
    private static void workOff(long seed) {
        var random = new Random(seed);
        var blocks = new RecordBlocks(1 << 20);
        var waiting = new ArrayDeque<Records>();
        long polledTo = 0;
        long appliedTo = 0;
        for (int turn = 0; turn < 40; turn++) {
            if (random.nextBoolean()) {
                int count = random.nextInt(1, 2 * FULL);
                waiting.addAll(blocks.copy(PARTITION, polled(polledTo, count, RECORD)));
                polledTo += count;
            } else if (!waiting.isEmpty()) {
                Records next = waiting.removeFirst();
                int count = random.nextInt(1, next.size() + 1);
                if (count < next.size()) {
                    waiting.addFirst(next.after(count));
                    next = next.first(count);
                }
                for (RecordView record : next.stream().toList()) {
                    assertThat(record.offset()).isEqualTo(appliedTo);
                    assertThat(value(record)).isEqualTo((byte) appliedTo++);
                }
                next.release();
            }
        }
    }
}
