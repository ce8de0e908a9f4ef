package dev.cdcpipeline.syncer.consume;

import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.syncer.plan.PartitionId;
import dev.cdcpipeline.syncer.plan.Progress;
import dev.cdcpipeline.syncer.plan.RecordId;
import dev.cdcpipeline.syncer.support.Events;
import dev.cdcpipeline.syncer.support.Polled;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.bson.BsonString;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * A batch of good and of bad records, few or many of each, about few or many documents.
 *
 * @param partitions the records of each partition
 */
record MixedBatch(List<List<Sent>> partitions) {
    private static final String TOPIC = "topic";

    /** After the last record of a partition Kafka has so many offsets without records. */
    private static final long MARKERS = 2;

    /** What is in a record. */
    enum Content {
        PUT,
        DELETE,
        REFUSED,
        MALFORMED
    }

    /**
     * A record.
     *
     * @param id where it is
     * @param document which document it is about, of those of its partition
     * @param value what it makes of it, another one in each record
     */
    record Sent(RecordId id, Content content, String document, int value) {
        boolean isBad() {
            return content == Content.REFUSED || content == Content.MALFORMED;
        }

        void applyTo(Map<String, String> rows) {
            switch (content) {
                case PUT -> rows.put(document, Integer.toString(value));
                case DELETE -> rows.remove(document);
                case REFUSED, MALFORMED -> {
                    // nothing for the rows
                }
            }
        }

        /** Does it say what the document's row is, whatever was said before? */
        boolean settles(String otherDocument) {
            return !isBad() && document.equals(otherDocument);
        }
    }

    static MixedBatch generate(RandomGenerator random) {
        int documents = random.nextBoolean() ? 3 : 1_000;
        int oneBadIn = List.of(2, 10, 60, 1_000).get(random.nextInt(4));
        int value = 0;
        var partitions = new ArrayList<List<Sent>>();
        for (int partition = random.nextInt(3); partition >= 0; partition--) {
            var records = new ArrayList<Sent>();
            for (int count = random.nextInt(100); count > 0; count--) {
                var id = new RecordId(TOPIC, partitions.size(), records.size());
                String document = partitions.size() + "-" + random.nextInt(documents);
                records.add(new Sent(id, content(random, oneBadIn), document, value++));
            }
            partitions.add(records);
        }
        return new MixedBatch(partitions);
    }

    private static Content content(RandomGenerator random, int oneBadIn) {
        if (random.nextInt(oneBadIn) == 0) {
            return random.nextInt(4) == 0 ? Content.MALFORMED : Content.REFUSED;
        }
        return random.nextInt(6) == 0 ? Content.DELETE : Content.PUT;
    }

    List<PartitionId> ids() {
        var ids = new ArrayList<PartitionId>();
        for (int partition = 0; partition < partitions.size(); partition++) {
            ids.add(new PartitionId(new UUID(1, 1), TOPIC, partition));
        }
        return ids;
    }

    Batch batch() {
        var events = new Events(new Namespace("shop", "orders"));
        var batch = new Batch();
        for (PartitionId id : ids()) {
            var partition = new TopicPartition(TOPIC, id.partition());
            var claim = new Claim(partition);
            claim.open(new Progress(id, 0, null));
            var records =
                    partitions.get(id.partition()).stream()
                            .map(each -> record(partition, each, events))
                            .toList();
            Polled.copy(partition, records)
                    .forEach(each -> batch.add(new Chunk(claim, each, null)));
            long next = records.size();
            var end = new OffsetAndMetadata(next + MARKERS);
            batch.add(new Chunk(claim, Polled.records(partition, next, 0), end));
        }
        return batch;
    }

    private static ConsumerRecord<ByteBuffer, ByteBuffer> record(
            TopicPartition partition, Sent sent, Events events) {
        long offset = sent.id().offset();
        var key = new BsonString(sent.document());
        var document = Events.document(key, sent.value());
        return switch (sent.content()) {
            case PUT -> Polled.record(partition, offset, events.update(document));
            case DELETE -> Polled.record(partition, offset, events.delete(key));
            case REFUSED ->
                    Polled.record(
                            partition, offset, events.update(RefusingStore.refused(document)));
            case MALFORMED -> Polled.malformed(partition, offset);
        };
    }

    /** The offset after all that the batch has of the partition. */
    long end(TopicPartition partition) {
        return partitions.get(partition.partition()).size() + MARKERS;
    }

    /** The rows that the good ones make, one by one. */
    Map<String, String> rows() {
        var rows = new TreeMap<String, String>();
        partitions.forEach(records -> records.forEach(sent -> sent.applyTo(rows)));
        return rows;
    }

    /** Where the bad records are. */
    List<RecordId> bad() {
        return ids(Sent::isBad);
    }

    /**
     * Where the bad records are without those that nobody may ever see, as PostgreSQL would refuse
     * them, but a later record of the same document makes them needless.
     */
    List<RecordId> badForSure() {
        return ids(
                sent -> sent.content() == Content.MALFORMED || (sent.isBad() && !isSettled(sent)));
    }

    private boolean isSettled(Sent sent) {
        List<Sent> all = partitions.get(sent.id().partition());
        return all.subList((int) sent.id().offset(), all.size()).stream()
                .anyMatch(later -> later.settles(sent.document()));
    }

    private List<RecordId> ids(Predicate<Sent> which) {
        return partitions.stream().flatMap(List::stream).filter(which).map(Sent::id).toList();
    }
}
