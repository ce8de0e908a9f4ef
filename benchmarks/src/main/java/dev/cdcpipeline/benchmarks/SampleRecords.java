package dev.cdcpipeline.benchmarks;

import dev.cdcpipeline.model.ChangeEvent;
import dev.cdcpipeline.model.Position;
import dev.cdcpipeline.model.RawDocument;
import dev.cdcpipeline.model.ResumeToken;
import dev.cdcpipeline.model.Version;
import dev.cdcpipeline.model.wire.EventWriter;
import dev.cdcpipeline.model.wire.RecordHeaders;
import dev.cdcpipeline.model.wire.RecordKind;
import dev.cdcpipeline.model.wire.WireFormat;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.bson.BsonDocument;
import org.bson.BsonTimestamp;

import java.time.Instant;
import java.util.HexFormat;

/**
 * Inserts of documents of about 400 bytes as the Watcher publishes them: eleven fields, strings
 * with the odd quote and letter that is not ASCII, numbers, a date, a nested document, an array.
 * The number of a record determines its content. Not thread-safe.
 */
final class SampleRecords {
    static final String DATABASE = "bench";
    static final String COLLECTION = "docs";

    private static final int PER_SECOND = 5_000;
    private static final int FIRST_SECOND = 1_760_000_000;
    private static final HexFormat HEX = HexFormat.of();
    private static final HexFormat TOKEN_HEX = HEX.withUpperCase();

    private final EventWriter writer;

    SampleRecords(WireFormat format) {
        writer = new EventWriter(format);
    }

    /** The {@code _id} of a record's document, as hexadecimal digits. */
    static String id(int number) {
        // A multiplication by an odd number spreads the keys over the index, each once.
        return HEX.toHexDigits(FIRST_SECOND)
                + HEX.toHexDigits(number * 0x9E3779B1)
                + HEX.toHexDigits(number);
    }

    /**
     * An insert, to be sent to the partition that {@code number % partitions} says.
     *
     * @param number which of them
     * @param at the time of the change at the source
     */
    ProducerRecord<byte[], byte[]> insert(String topic, int partition, int number, Instant at) {
        int seconds = FIRST_SECOND + number / PER_SECOND;
        int increment = 1 + number % PER_SECOND;
        var time = new BsonTimestamp(seconds, increment);
        String id = id(number);
        String token =
                "82"
                        + TOKEN_HEX.toHexDigits(seconds)
                        + TOKEN_HEX.toHexDigits(increment)
                        + "2B022C0100296E5A10040F1E2D3C4B5A69788796A5B4C3D2E1F046645F69640064"
                        + id
                        + "0004";
        var event = ChangeEvent.of(RawDocument.of(event(number, id, token, time, at)));
        var key = event.documentKey();
        if (key == null) {
            throw new IllegalStateException("an insert has a document key");
        }
        var message = new ProducerRecord<>(topic, partition, writer.key(key), writer.value(event));
        var position = new Position(0, ResumeToken.ofHex(token));
        new RecordHeaders(position, Version.of(time), RecordKind.CHANGE)
                .forEach(message.headers()::add);
        return message;
    }

    private static BsonDocument event(
            int number, String id, String token, BsonTimestamp time, Instant at) {
        return BsonDocument.parse(
                """
                {
                  "_id": {"_data": "%s"},
                  "operationType": "insert",
                  "clusterTime": {"$timestamp": {"t": %d, "i": %d}},
                  "wallTime": {"$date": "%s"},
                  "fullDocument": {
                    "_id": {"$oid": "%s"},
                    "seq": {"$numberLong": "%d"},
                    "name": "Zoë \\"Z\\" Müller %d",
                    "email": "zoe.mueller.%d@example.org",
                    "qty": %d,
                    "price": %d.25,
                    "active": %b,
                    "createdAt": {"$date": "2026-05-01T12:00:00.250Z"},
                    "address": {"street": "1 Rue de la Gare", "city": "Genève", "zip": "1204", "floor": 3},
                    "tags": ["vip", "newsletter", "alpine"],
                    "note": "Delivered to the neighbour,\\nring twice; the bell is broken since March."
                  },
                  "ns": {"db": "%s", "coll": "%s"},
                  "documentKey": {"_id": {"$oid": "%s"}}
                }
                """
                        .formatted(
                                token,
                                time.getTime(),
                                time.getInc(),
                                at,
                                id,
                                number,
                                number,
                                number,
                                number % 1_000,
                                number % 500,
                                number % 2 == 0,
                                DATABASE,
                                COLLECTION,
                                id));
    }
}
