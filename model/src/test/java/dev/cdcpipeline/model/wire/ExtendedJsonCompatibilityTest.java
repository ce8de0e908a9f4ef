package dev.cdcpipeline.model.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.model.ChangeEvent;
import dev.cdcpipeline.model.DocumentKey;
import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.model.OperationType;
import dev.cdcpipeline.model.RawDocument;
import dev.cdcpipeline.model.json.ExtendedJson;
import dev.cdcpipeline.testkit.BsonGen;
import dev.cdcpipeline.testkit.Gen;
import dev.cdcpipeline.testkit.Property;

import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonTimestamp;
import org.bson.BsonValue;
import org.bson.json.JsonMode;
import org.bson.json.JsonWriterSettings;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.charset.StandardCharsets;

/**
 * Others read what we write, and we read what others write: the driver, and with it the official
 * Kafka connector.
 */
class ExtendedJsonCompatibilityTest {

    private static final int CASES = 2_000;

    private final EventReader reader = new EventReader();
    private final ExtendedJson json = ExtendedJson.forWire();

    @Test
    @DisplayName("3.5 the driver's parser reads our JSON as the same document")
    void isReadByTheDriver() {
        Property.forAll(
                CASES,
                saneDocuments(),
                document -> assertThat(BsonDocument.parse(ours(document))).isEqualTo(document));
    }

    @ParameterizedTest
    @EnumSource(names = {"EXTENDED", "RELAXED", "STRICT"})
    @DisplayName(
            "4.2 JSON of the driver, in its modern and its older forms, is read as the driver reads it")
    void readsTheDriversJson(JsonMode mode) {
        JsonWriterSettings settings = JsonWriterSettings.builder().outputMode(mode).build();
        Property.forAll(
                CASES,
                saneDocuments(),
                document -> {
                    String theirs = document.toJson(settings);
                    assertThat(read(theirs)).isEqualTo(BsonDocument.parse(theirs));
                });
    }

    @Test
    @DisplayName("4.2 canonical JSON of the driver keeps every bit")
    void readsCanonicalJsonWithoutLoss() {
        JsonWriterSettings canonical =
                JsonWriterSettings.builder().outputMode(JsonMode.EXTENDED).build();
        Property.forAll(
                CASES,
                saneDocuments(),
                document -> assertThat(read(document.toJson(canonical))).isEqualTo(document));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"$date\": 1234}|{\"$date\":\"1970-01-01T00:00:01.234Z\"}",
                "{\"$date\": -1}|{\"$date\":{\"$numberLong\":\"-1\"}}",
                "{\"$date\": \"2020-01-01T01:00:00.5+01:00\"}|{\"$date\":\"2020-01-01T00:00:00.500Z\"}",
                "{\"$date\": \"2020-01-01T00:00:00-0130\"}|{\"$date\":\"2020-01-01T01:30:00Z\"}",
                "{\"$binary\": \"AQI=\", \"$type\": \"00\"}|{\"$binary\":{\"base64\":\"AQI=\",\"subType\":\"00\"}}",
                "{\"$binary\": {\"subType\": \"4\", \"base64\": \"\"}}|{\"$binary\":{\"base64\":\"\",\"subType\":\"04\"}}",
                "{\"$uuid\": \"00112233-4455-6677-8899-aabbccddeeff\"}|{\"$binary\":{\"base64\":\"ABEiM0RVZneImaq7zN3u/w==\",\"subType\":\"04\"}}",
                "{\"$regex\": \"^a\", \"$options\": \"i\"}|{\"$regularExpression\":{\"pattern\":\"^a\",\"options\":\"i\"}}",
                "{\"$regularExpression\": {\"options\": \"i\", \"pattern\": \"^a\"}}|{\"$regularExpression\":{\"pattern\":\"^a\",\"options\":\"i\"}}",
                "{\"$timestamp\": {\"i\": 2, \"t\": 1}}|{\"$timestamp\":{\"t\":1,\"i\":2}}",
                "{\"$numberInt\": \"5\"}|5",
                "{\"$numberLong\": \"5\"}|{\"$numberLong\":\"5\"}",
                "{\"$numberLong\": \"5000000000\"}|5000000000",
                "{\"$numberDouble\": \"1\"}|1.0",
                "{\"$numberDouble\": \"-Infinity\"}|{\"$numberDouble\":\"-Infinity\"}",
                "NaN|{\"$numberDouble\":\"NaN\"}",
                "-Infinity|{\"$numberDouble\":\"-Infinity\"}",
                "Infinity|{\"$numberDouble\":\"Infinity\"}",
                "1e3|1000.0",
                "5000000000|5000000000",
                "12345678901234567890|1.2345678901234567E19",
                "{\"$dbPointer\": {\"$id\": {\"$oid\": \"0123456789abcdef01234567\"}, \"$ref\": \"a.b\"}}|{\"$dbPointer\":{\"$ref\":\"a.b\",\"$id\":{\"$oid\":\"0123456789abcdef01234567\"}}}",
                "{\"$ref\": \"c\", \"$id\": 1}|{\"$ref\":\"c\",\"$id\":1}",
                "{\"\\u0024oid\": \"0123456789abcdef01234567\"}|{\"$oid\":\"0123456789abcdef01234567\"}",
                "\"\\u00e9\\ud83d\\ude00\\/\\b\\f\"|\"é😀/\\u0008\\u000c\"",
                "[ 1 , [ ] , { } ]|[1,[],{}]"
            })
    @DisplayName("4.2 other ways to say a value are understood")
    void readsOtherSpellings(String theirs, String ours) {
        byte[] message = ("\t{ \"_id\" : " + theirs + " }\r\n").getBytes(StandardCharsets.UTF_8);

        DocumentKey key = reader.readKey(message);

        assertThat(new String(json.render(key.document()), StandardCharsets.UTF_8))
                .isEqualTo("{\"_id\":" + ours + "}");
    }

    @Test
    @DisplayName("4.2 an event of the official MongoDB Kafka connector is read")
    void readsTheOfficialConnectorsEvent() {
        String message =
                """
                {"_id": {"_data": "82600B38AD000000022B022C0100296E5A1004"}, \
                "operationType": "insert", \
                "clusterTime": {"$timestamp": {"t": 1611348141, "i": 2}}, \
                "fullDocument": {"_id": {"$oid": "600b38ad6011ef6265c3f27d"}, "views": 5, \
                "price": {"$numberDecimal": "9.90"}, "at": {"$date": 1611348141000}, \
                "big": {"$numberLong": "7"}}, \
                "ns": {"db": "demo", "coll": "posts"}, \
                "documentKey": {"_id": {"$oid": "600b38ad6011ef6265c3f27d"}}}""";

        ChangeEvent event = reader.read(message.getBytes(StandardCharsets.UTF_8));

        assertThat(event.operationType()).isEqualTo(OperationType.INSERT);
        assertThat(event.namespace()).isEqualTo(new Namespace("demo", "posts"));
        assertThat(event.clusterTime()).isEqualTo(new BsonTimestamp(1_611_348_141, 2));
        assertThat(event.resumeToken().toHex()).isEqualTo("82600B38AD000000022B022C0100296E5A1004");
        assertThat(RecordHeaders.of(event).kind()).isEqualTo(RecordKind.CHANGE);
        assertThat(event.fullDocument())
                .isEqualTo(
                        RawDocument.of(
                                BsonDocument.parse(
                                        """
                                        {_id: ObjectId('600b38ad6011ef6265c3f27d'), views: 5,
                                        price: NumberDecimal('9.90'),
                                        at: ISODate('2021-01-22T20:42:21Z'), big: NumberLong(7)}
                                        """)));
    }

    @Test
    @DisplayName("4.2 a stored query with $regex is a document, not an error")
    void readsAStoredQueryAsADocument() {
        for (String query :
                new String[] {
                    "{\"$regex\": 1}",
                    "{\"$regex\": \"a\"}",
                    "{\"$regex\": \"a\", \"$options\": 1}",
                    "{\"$regex\": \"a\", \"$options\": \"i\", \"x\": {\"$oid\": \"0123456789abcdef01234567\"}}"
                }) {
            assertThat(read(query).keySet()).contains("$regex");
        }
    }

    @Test
    @DisplayName("3.5 a document that looks like a wrapper is kept as it is")
    void keepsLookalikesRaw() {
        BsonDocument lookalike = BsonDocument.parse("{\"a\": 1}").append("$oid", new BsonInt32(1));

        assertThat(ours(new BsonDocument("v", lookalike))).startsWith("{\"v\":{\"$cdc.raw\":\"");
        assertThat(ours(lookalike)).startsWith("{\"$cdc.raw\":\"");
        assertThat(ours(BsonDocument.parse("{\"v\": {\"$set\": {\"$ref\": 1}}}")))
                .isEqualTo("{\"v\":{\"$set\":{\"$ref\":1}}}");
    }

    /** Documents without what the driver's JSON confuses with a wrapper. */
    private Gen<BsonDocument> saneDocuments() {
        return random -> {
            while (true) {
                BsonDocument document = BsonGen.documents().next(random);
                String text = ours(document);
                if (!text.contains("$cdc.raw")
                        && !text.contains("\"$ref\"")
                        && !text.contains("\"$\"")) {
                    return document;
                }
            }
        };
    }

    private String ours(BsonDocument document) {
        return new String(json.render(RawDocument.of(document)), StandardCharsets.UTF_8);
    }

    private BsonDocument read(String text) {
        String key = "{\"_id\":" + text + "}";
        BsonValue id = reader.readKey(key.getBytes(StandardCharsets.UTF_8)).id();
        return id.asDocument();
    }
}
