package dev.cdcpipeline.syncer.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.syncer.support.Polled;
import dev.cdcpipeline.testkit.Gen;
import dev.cdcpipeline.testkit.Property;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;

class RecordsTest {
    private static final TopicPartition PARTITION = new TopicPartition("topic", 3);
    private static final int LARGE = 300_000;

    private static final Gen<List<ConsumerRecord<ByteBuffer, ByteBuffer>>> POLLED =
            random -> {
                var polled = new ArrayList<ConsumerRecord<ByteBuffer, ByteBuffer>>();
                int count = random.nextInt(30);
                for (int i = 0; i < count; i++) {
                    polled.add(record(3L * i, random));
                }
                return polled;
            };

    private static ConsumerRecord<ByteBuffer, ByteBuffer> record(
            long offset, RandomGenerator random) {
        var headers = new RecordHeaders();
        for (int i = random.nextInt(5); i > 0; i--) {
            headers.add("header-" + random.nextInt(3), array(bytes(random)));
        }
        return new ConsumerRecord<>(
                PARTITION.topic(),
                PARTITION.partition(),
                offset,
                random.nextLong(-1, Long.MAX_VALUE),
                TimestampType.CREATE_TIME,
                0,
                0,
                bytes(random),
                bytes(random),
                headers,
                random.nextBoolean() ? Optional.of(random.nextInt(9)) : Optional.empty());
    }

    /** None, few or many bytes, somewhere in a buffer, as Kafka's are. */
    private static @Nullable ByteBuffer bytes(RandomGenerator random) {
        if (random.nextInt(6) == 0) {
            return null;
        }
        byte[] array = new byte[random.nextInt(100) == 0 ? LARGE : random.nextInt(40)];
        random.nextBytes(array);
        int start = random.nextInt(array.length + 1);
        return ByteBuffer.wrap(array, start, array.length - start);
    }

    private static byte @Nullable [] array(@Nullable ByteBuffer buffer) {
        if (buffer == null) {
            return null;
        }
        byte[] array = new byte[buffer.remaining()];
        buffer.get(buffer.position(), array);
        return array;
    }

    @Test
    @DisplayName("I6: a copy has key, value and headers of the record, and its place")
    void aCopyHasAllOfTheRecord() {
        Property.forAll(
                500,
                POLLED,
                polled -> {
                    List<RecordView> copies =
                            new RecordBlocks(1 << 20)
                                    .copy(PARTITION, polled).stream()
                                            .flatMap(Records::stream)
                                            .toList();
                    assertThat(copies).hasSameSizeAs(polled);
                    for (int i = 0; i < polled.size(); i++) {
                        assertSame(copies.get(i), polled.get(i));
                    }
                });
    }

    private static void assertSame(RecordView copy, ConsumerRecord<ByteBuffer, ByteBuffer> record) {
        ConsumerRecord<byte[], byte[]> whole = copy.toRecord();
        assertThat(copy.id()).isEqualTo(RecordId.of(record)).isEqualTo(RecordId.of(whole));
        assertThat(whole.key()).isEqualTo(array(record.key())).isEqualTo(copy.key());
        assertThat(whole.value()).isEqualTo(array(record.value()));
        assertThat(whole.headers()).isEqualTo(plain(record.headers()));
        assertThat(whole.timestamp()).isEqualTo(record.timestamp());
        assertThat(copy.isTombstone()).isEqualTo(record.value() == null);
        assertThat(Arrays.copyOfRange(copy.array(), copy.valueStart(), copy.valueEnd()))
                .isEqualTo(Objects.requireNonNullElse(whole.value(), new byte[0]));
        assertThat(copy.hasLeaderEpoch()).isEqualTo(record.leaderEpoch().isPresent());
        record.leaderEpoch().ifPresent(it -> assertThat(copy.leaderEpoch()).isEqualTo(it));
        for (String name : List.of("header-0", "header-1", "header-2")) {
            Header last = record.headers().lastHeader(name);
            assertThat(copy.lastHeader(name)).isEqualTo(last == null ? null : last.value());
        }
    }

    private static Headers plain(Headers headers) {
        var plain = new RecordHeaders();
        headers.forEach(each -> plain.add(new RecordHeader(each.key(), each.value())));
        return plain;
    }

    @Test
    @DisplayName("I7: nothing of Kafka's buffers is kept")
    void nothingOfKafkasBuffersIsKept() {
        byte[] buffer = {1, 2, 3, 4};
        var record =
                new ConsumerRecord<>(
                        PARTITION.topic(),
                        PARTITION.partition(),
                        0,
                        ByteBuffer.wrap(buffer, 0, 2),
                        ByteBuffer.wrap(buffer, 2, 2));
        Records copy = new RecordBlocks(1 << 20).copy(PARTITION, List.of(record)).getFirst();
        Arrays.fill(buffer, (byte) 0);
        assertThat(copy.get(0).toRecord().key()).containsExactly(1, 2);
        assertThat(copy.get(0).toRecord().value()).containsExactly(3, 4);
    }

    @Test
    @DisplayName("5.4: cut anywhere, the parts have the same records and take the same memory")
    void cutAnywhereThePartsAreTheWhole() {
        Property.forAll(
                500,
                POLLED,
                polled -> {
                    for (Records whole : new RecordBlocks(1 << 20).copy(PARTITION, polled)) {
                        for (int cut = 0; cut <= whole.size(); cut++) {
                            Records first = whole.first(cut);
                            Records rest = whole.after(cut);
                            assertThat(offsets(first, rest)).isEqualTo(offsets(whole));
                            assertThat(first.bytes() + rest.bytes()).isEqualTo(whole.bytes());
                            assertThat(whole.fitting(first.bytes())).isEqualTo(cut);
                            assertThat(whole.fitting(first.bytes() - 1))
                                    .isEqualTo(Math.max(0, cut - 1));
                        }
                    }
                });
    }

    @Test
    @DisplayName("I7: records that came one by one take, and count for, more memory")
    void whatPollsOfOneRecordTakeIsCounted() {
        long together = Polled.records(PARTITION, 0, 100).bytes();
        long oneByOne = 0;
        for (int i = 0; i < 100; i++) {
            oneByOne += Polled.records(PARTITION, i, 1).bytes();
        }
        assertThat(oneByOne).isGreaterThan(4 * together);
    }

    private static List<Long> offsets(Records... parts) {
        return Arrays.stream(parts).flatMap(Records::stream).map(RecordView::offset).toList();
    }
}
