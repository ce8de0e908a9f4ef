package dev.cdcpipeline.benchmarks;

import dev.cdcpipeline.model.ChangeEvent;
import dev.cdcpipeline.model.RawDocument;
import dev.cdcpipeline.model.json.PlainJson;
import dev.cdcpipeline.model.wire.EventReader;
import dev.cdcpipeline.model.wire.EventWriter;
import dev.cdcpipeline.model.wire.WireFormat;

import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.bson.json.JsonMode;
import org.bson.json.JsonWriterSettings;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * One change event with a document of about 400 bytes: written and read by the pipeline, beside the
 * ways of MongoDB's own library.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class EncodingBenchmark {

    private static final String EVENT =
            """
            {
              _id: {_data: '8269F47E80000000032B022C0100296E5A1004C1DC0FFEE46465F0C0FFEE0123456789ABCD0004'},
              operationType: 'update',
              clusterTime: Timestamp(1777636800, 3),
              wallTime: ISODate('2026-05-01T12:00:00.250Z'),
              fullDocument: {
                _id: ObjectId('65f0c0ffee0123456789abcd'),
                name: 'Zoë Müller',
                email: 'zoe.mueller@example.org',
                active: true,
                credit: NumberDecimal('1250.00'),
                visits: 42,
                points: NumberLong(9000000000),
                rating: 4.5,
                since: ISODate('2024-02-29T12:30:00.000Z'),
                referredBy: null,
                addresses: [
                  {kind: 'home', street: '1 Rue de la Gare', city: 'Genève', zip: '1204'},
                  {kind: 'work', street: '5 Main St', city: 'Springfield', zip: '62701'}
                ],
                tags: ['vip', 'newsletter']
              },
              ns: {db: 'shop', coll: 'customers'},
              documentKey: {_id: ObjectId('65f0c0ffee0123456789abcd')},
              updateDescription: {updatedFields: {visits: 42}, removedFields: [], truncatedArrays: []}
            }
            """;

    private final byte[] bson = RawDocument.of(BsonDocument.parse(EVENT)).toBytes();
    private final ChangeEvent event = ChangeEvent.of(RawDocument.wrap(bson));
    private final RawDocument document = event.fullDocument();
    private final byte[] documentBytes = document.toBytes();
    private final EventWriter writer = new EventWriter(WireFormat.JSON);
    private final EventReader reader = new EventReader();
    private final PlainJson plain = new PlainJson();
    private final byte[] json = writer.value(event);
    private final JsonWriterSettings extended =
            JsonWriterSettings.builder().outputMode(JsonMode.EXTENDED).build();

    /** The event as JSON of the wire format. */
    @Benchmark
    public byte[] writeJson() {
        return writer.value(event);
    }

    /** The same with the library: relaxed JSON, which loses types. */
    @Benchmark
    public byte[] writeJsonByLibraryRelaxed() {
        return new RawBsonDocument(bson).toJson().getBytes(StandardCharsets.UTF_8);
    }

    /** The same with the library: canonical JSON. */
    @Benchmark
    public byte[] writeJsonByLibraryCanonical() {
        return new RawBsonDocument(bson).toJson(extended).getBytes(StandardCharsets.UTF_8);
    }

    /** JSON of the wire format as an event over BSON bytes. */
    @Benchmark
    public ChangeEvent readJson() {
        return reader.read(json);
    }

    /** The same with the library, as an object tree. */
    @Benchmark
    public BsonDocument readJsonByLibrary() {
        return BsonDocument.parse(new String(json, StandardCharsets.UTF_8));
    }

    /** The same with the library, as BSON bytes. */
    @Benchmark
    public RawBsonDocument readJsonByLibraryToBytes() {
        return RawBsonDocument.parse(new String(json, StandardCharsets.UTF_8));
    }

    /** BSON of the wire format as an event, checked throughout. */
    @Benchmark
    public ChangeEvent readBson() {
        return reader.read(bson);
    }

    /** The document for a {@code jsonb} column. */
    @Benchmark
    public byte[] writePlain() {
        return plain.render(document);
    }

    /** The same document with the library: relaxed JSON. */
    @Benchmark
    public byte[] writeDocumentByLibraryRelaxed() {
        return new RawBsonDocument(documentBytes).toJson().getBytes(StandardCharsets.UTF_8);
    }
}
