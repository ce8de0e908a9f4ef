package dev.cdcpipeline.watcher.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.kafka.TopicName;
import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.model.Position;
import dev.cdcpipeline.model.RawDocument;
import dev.cdcpipeline.model.ResumeToken;
import dev.cdcpipeline.model.Version;
import dev.cdcpipeline.model.wire.RecordHeaders;
import dev.cdcpipeline.model.wire.RecordKind;
import dev.cdcpipeline.model.wire.StreamId;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.bson.BsonDocument;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Random;

class TailRecordsTest {
    private static final Namespace ORDERS = new Namespace("shop", "orders");
    private final StreamIds ids = new StreamIds("mine", new Random(1));
    private final TailRecords records = new TailRecords("cdc", ORDERS::equals, ids);

    private static Position position(int seconds) {
        byte[] token = ByteBuffer.allocate(9).put((byte) 0x82).putInt(seconds).putInt(1).array();
        return new Position(1, ResumeToken.ofBytes(token));
    }

    private static ConsumerRecord<byte[], byte @Nullable []> record(
            String topic, Namespace of, int seconds, @Nullable StreamId stream, int durable) {
        String event =
                "{_id: {_data: '8200000001'}, operationType: 'insert', clusterTime: {$timestamp: {t: %d, i: 1}}, ns: {db: '%s', coll: '%s'}, documentKey: {_id: 1}, fullDocument: {_id: 1}}"
                        .formatted(seconds, of.database(), of.collection());
        byte[] value = RawDocument.of(BsonDocument.parse(event)).toBytes();
        var made = new ConsumerRecord<byte[], byte @Nullable []>(topic, 0, 0, new byte[1], value);
        new RecordHeaders(position(seconds), Version.ZERO, RecordKind.CHANGE, stream)
                .forEach((name, bytes) -> made.headers().add(name, bytes));
        made.headers().add(RecordHeaders.DURABLE, RecordHeaders.bytes(position(durable)));
        return made;
    }

    @Test
    @DisplayName(
            "case W11: of each own stream it takes the newest record, and the newest place that was durable")
    void takesTheNewestOfEachStream() {
        StreamId first = ids.next();
        StreamId second = ids.next();
        records.add(record("cdc.shop.orders", ORDERS, 10, first, 9));
        records.add(record("cdc.shop.orders", ORDERS, 12, first, 8));
        records.add(record("cdc.shop.orders", ORDERS, 20, second, 15));
        records.add(record("cdc.shop.orders", ORDERS, 30, new StreamId(7), 29));
        records.add(record("cdc.shop.orders", ORDERS, 31, null, 30));
        Tails tails = records.tails();
        assertThat(Objects.requireNonNull(tails.newest()).position()).isEqualTo(position(31));
        assertThat(tails.mine())
                .extracting(each -> each.last().position())
                .containsExactly(position(20), position(12));
        assertThat(tails.mine())
                .extracting(Tails.StreamTail::durable)
                .containsExactly(position(15), position(9));
        assertThat(tails.silent()).isEmpty();
    }

    @Test
    @DisplayName(
            "case W11: topics of other prefixes and scopes, whose names look alike, say nothing; nor do names with a hash"
                    + " that is another's")
    void leavesOutTheTopicsOfOthers() {
        String hashed = TopicName.hashed("cdc", ORDERS);
        Namespace people = new Namespace("shop", "people");
        assertThat(records.mayBeOurs("cdc.shop.orders")).isTrue();
        assertThat(records.mayBeOurs(hashed)).isTrue();
        assertThat(records.mayBeOurs("cdc.shop.people")).isFalse();
        assertThat(records.mayBeOurs("cdcx.shop.orders")).isFalse();
        assertThat(records.mayBeOurs("cdc")).isFalse();
        records.add(record("cdc.shop.orders", new Namespace("cdc", "x"), 1, ids.next(), 1));
        records.add(record(TopicName.hashed("cdc", people), people, 1, ids.next(), 1));
        records.add(record(hashed, people, 1, ids.next(), 1));
        assertThat(records.tails().newest()).isNull();
        TailRecords ofBoth = new TailRecords("cdc", each -> true, ids);
        ofBoth.add(record("cdc.shop.orders", people, 1, ids.next(), 1));
        assertThat(ofBoth.tails().newest()).as("a collection in another's topic").isNull();
        records.add(record(hashed, ORDERS, 1, ids.next(), 1));
        assertThat(records.tails().newest()).isNotNull();
    }

    @Test
    @DisplayName("case W11: what is no event, or says no position, is a record that says nothing")
    void notesWhatSaysNothing() {
        records.add(new ConsumerRecord<>("cdc.shop.orders", 0, 0, new byte[1], new byte[] {1}));
        records.add(new ConsumerRecord<>("cdc.shop.orders", 0, 0, new byte[1], null));
        records.emptied("cdc.shop.gone");
        Tails tails = records.tails();
        assertThat(tails.newest()).isNull();
        assertThat(tails.mine()).isEmpty();
        assertThat(tails.silent()).containsExactly("cdc.shop.gone", "cdc.shop.orders");
    }
}
