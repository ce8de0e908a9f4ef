package dev.cdcpipeline.model.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cdcpipeline.model.ChangeEvent;
import dev.cdcpipeline.model.DocumentKey;
import dev.cdcpipeline.model.MalformedMessageException;
import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.model.PipelineEvents;
import dev.cdcpipeline.model.RawDocument;
import dev.cdcpipeline.model.json.ExtendedJson;
import dev.cdcpipeline.model.json.PlainJson;
import dev.cdcpipeline.testkit.BsonGen;
import dev.cdcpipeline.testkit.Gen;
import dev.cdcpipeline.testkit.Property;

import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonNull;
import org.bson.BsonObjectId;
import org.bson.BsonString;
import org.bson.BsonTimestamp;
import org.bson.BsonValue;
import org.bson.json.JsonMode;
import org.bson.json.JsonWriterSettings;
import org.bson.types.ObjectId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Objects;
import java.util.Random;
import java.util.random.RandomGenerator;

/** The short way from a message to {@code jsonb} leads to where the long way leads. */
class DocumentRendererTest {

    private static final int CASES = 2_000;

    private final EventReader reader = new EventReader();
    private final DocumentRenderer plain = DocumentRenderer.plain();
    private final DocumentRenderer extended = DocumentRenderer.extended();
    private final PlainJson plainLongWay = new PlainJson();
    private final ExtendedJson extendedLongWay = ExtendedJson.forJsonb();

    @ParameterizedTest
    @EnumSource
    @DisplayName("4.2 a document rendered out of its message is the same, byte by byte")
    void rendersWhatTheLongWayRenders(WireFormat format) {
        EventWriter writer = new EventWriter(format);
        Gen<BsonDocument> documents =
                random ->
                        random.nextBoolean() ? BsonGen.documents().next(random) : usual(random, 3);
        Property.forAll(
                CASES, documents, document -> check(writer.value(insert(document)), document));
    }

    private void check(byte[] message, BsonDocument document) {
        RawDocument raw = RawDocument.of(document);
        EventOutline outline = reader.readOutline(message, 0, message.length, true);
        DocumentSlice slice = Objects.requireNonNull(outline.fullDocument());
        assertThat(key(outline)).isEqualTo(new EventReader().read(message).documentKey());
        assertThat(plain.render(slice).text()).isEqualTo(text(plainLongWay.render(raw)));
        assertThat(extended.render(slice).text()).isEqualTo(text(extendedLongWay.render(raw)));
        assertThat(plain.renderFrugally(slice).text()).isEqualTo(plain.render(slice).text());
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("case S2: A document that is large as JSON is not held, and has the same text")
    void holdsNoLargeDocument(WireFormat format) {
        var document =
                new BsonDocument("_id", new BsonInt32(1))
                        .append("date", new BsonDateTime(1))
                        .append("text", new BsonString("\u0001".repeat(400_000)));
        byte[] message = new EventWriter(format).value(insert(document));
        DocumentSlice slice = slice(message);

        RenderedDocument rendered = plain.renderFrugally(slice);
        plain.renderFrugally(slice(new EventWriter(format).value(insert(new BsonDocument()))));

        assertThat(rendered).isInstanceOf(LargeDocument.class);
        String text = text(plainLongWay.render(RawDocument.of(document)));
        assertThat(rendered.text()).isEqualTo(text);
        assertThat(rendered.length()).isEqualTo(text.length());
    }

    @Test
    @DisplayName("case S2: A large document whose text is that of its message lies in the message")
    void takesALargeDocumentWhereItLies() {
        byte[] json = utf8("{\"a\":\"" + "x".repeat(2_000_000) + "\"}");
        byte[] dated =
                utf8(
                        "{\"a\":{\"$date\":\"2020-01-01T00:00:00Z\"},\"b\":\""
                                + "x".repeat(2_000_000)
                                + "\"}");

        RenderedDocument same =
                plain.renderFrugally(new DocumentSlice(json, 0, json.length, WireFormat.JSON));
        RenderedDocument other =
                plain.renderFrugally(new DocumentSlice(dated, 0, dated.length, WireFormat.JSON));

        assertThat(((JsonSlice) same).array()).isSameAs(json);
        assertThat(other).isInstanceOf(LargeDocument.class);
        assertThat(other.text()).startsWith("{\"a\":\"2020-01-01T00:00:00Z\",\"b\":\"xx");
    }

    private static @Nullable DocumentKey key(EventOutline outline) {
        return switch (outline) {
            case UsualEvent usual -> usual.documentKey();
            case EventOutline.OfAnyKind any -> any.event().documentKey();
        };
    }

    @Test
    @DisplayName("4.2 Extended JSON that needs no change is taken where it lies")
    void takesExtendedJsonWhereItLies() {
        byte[] json = utf8("before{\"_id\":{\"$oid\":\"65f0c0ffee0123456789abcd\"}}after");
        var slice = new DocumentSlice(json, 6, json.length - 5, WireFormat.JSON);

        JsonSlice rendered = extended.render(slice);

        assertThat(rendered.array()).isSameAs(json);
        assertThat(rendered.text()).isEqualTo("{\"_id\":{\"$oid\":\"65f0c0ffee0123456789abcd\"}}");
        assertThat(plain.render(slice).text()).isEqualTo("{\"_id\":\"65f0c0ffee0123456789abcd\"}");
    }

    @Test
    @DisplayName(
            "4.2 a rendered document stays as it is while others are rendered, whatever their size")
    void renderedDocumentsStay() {
        var random = new Random(1);
        var rendered = new ArrayList<JsonSlice>();
        var texts = new ArrayList<String>();
        for (int i = 0; i < 400; i++) {
            int length = i % 50 == 0 ? 300_000 : random.nextInt(20_000);
            String text = "x".repeat(length) + i;
            byte[] json = utf8("{\"a\":{\"$numberLong\":\"1\"},\"b\":\"" + text + "\"}");
            rendered.add(plain.render(new DocumentSlice(json, 0, json.length, WireFormat.JSON)));
            texts.add("{\"a\":1,\"b\":\"" + text + "\"}");
        }
        assertThat(rendered.stream().map(JsonSlice::text).toList()).isEqualTo(texts);
    }

    @Test
    @DisplayName("documents of the usual types go the short way")
    void copiesDocumentsOfTheUsualTypes() {
        EventWriter writer = new EventWriter(WireFormat.JSON);
        JsonCopy copy = new JsonCopy(true);
        int[] copied = new int[1];
        Property.forAll(
                CASES,
                random -> usual(random, 3),
                document -> {
                    DocumentSlice slice = slice(writer.value(insert(document)));
                    JsonSlice shortWay = copy.copy(slice.array(), slice.start(), slice.end());
                    copied[0] += shortWay == null ? 0 : 1;
                });
        assertThat(copied[0]).isGreaterThan(CASES * 9 / 10);
    }

    @ParameterizedTest
    @EnumSource(names = {"EXTENDED", "RELAXED", "STRICT"})
    @DisplayName("4.2 JSON of the driver is rendered as what it says")
    void rendersTheDriversJson(JsonMode mode) {
        JsonWriterSettings settings = JsonWriterSettings.builder().outputMode(mode).build();
        Property.forAll(
                CASES,
                random -> usual(random, 3),
                document -> {
                    byte[] json = utf8(document.toJson(settings));
                    assertSameValues(slice(json), json);
                });
    }

    @Test
    @DisplayName("4.2 a number is copied only if it is written as it is read")
    void copiesOnlyNumbersThatAreWrittenAsTheyAreRead() {
        Property.forAll(
                20_000,
                DocumentRendererTest::number,
                number -> {
                    byte[] json = utf8("{\"a\":" + number + "}");
                    RawDocument raw = RawDocument.wrap(new JsonToBson().read(json, 0, json.length));
                    var slice = new DocumentSlice(json, 0, json.length, WireFormat.JSON);
                    assertThat(plain.render(slice).text())
                            .isEqualTo(text(plainLongWay.render(raw)));
                    assertThat(extended.render(slice).text())
                            .isEqualTo(text(extendedLongWay.render(raw)));
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":tru}",
                "{\"a\" 1}",
                "{\"a\":1 \"b\":2}",
                "{\"a\":01}",
                "{\"a\":\"\\u12\"}",
                "{\"a\":[1,]}",
                "{\"a\":{\"$oid\":\"xyz\"}}",
                "{\"a\":{\"$date\":\"2026-13-01T00:00:00Z\"}}",
                "{\"$oid\":\"65f0c0ffee0123456789abcd\"}",
                "{,}"
            })
    @DisplayName("4.4 a document that is none is found when it is rendered")
    void refusesDocumentsThatAreNone(String document) {
        byte[] message = utf8("{\"operationType\":\"insert\",\"fullDocument\":" + document + "}");
        DocumentSlice slice = slice(message);

        assertThatThrownBy(() -> plain.render(slice)).isInstanceOf(MalformedMessageException.class);
        assertThatThrownBy(() -> reader.read(message))
                .isInstanceOf(MalformedMessageException.class);
    }

    @Test
    @DisplayName("4.2 other ways to say a value in a document are understood")
    void rendersOtherSpellings() {
        String document =
                """
                {"a": {"$oid": "65F0C0FFEE0123456789ABCD"}, "b": {"$date": "2020-01-01T01:00:00.5+01:00"},
                "c": 1.50, "d": -0, "e": "\\u00e9\\/", "f": {"$numberLong": "007"}, "g": {"$date": 0},
                "h": 1e3, "i": [ 1 , [ ] , { } ], "j": {"$numberInt": "5"}}""";
        byte[] json = utf8(document);

        JsonSlice rendered = plain.render(new DocumentSlice(json, 0, json.length, WireFormat.JSON));

        assertThat(rendered.text())
                .isEqualTo(
                        """
                        {"a":"65f0c0ffee0123456789abcd","b":"2020-01-01T00:00:00.500Z",\
                        "c":1.5,"d":0,"e":"é/","f":7,"g":"1970-01-01T00:00:00Z",\
                        "h":1000.0,"i":[1,[],{}],"j":5}""");
    }

    private void assertSameValues(DocumentSlice document, byte[] json) {
        RawDocument raw = RawDocument.wrap(new JsonToBson().read(json, 0, json.length));
        assertThat(values(utf8(plain.render(document).text())))
                .isEqualTo(values(plainLongWay.render(raw)));
        assertThat(values(utf8(extended.render(document).text())))
                .isEqualTo(values(extendedLongWay.render(raw)));
    }

    private static RawDocument values(byte[] json) {
        return RawDocument.wrap(new JsonToBson().read(json, 0, json.length));
    }

    /** The document in an event of its own, as the official connector would write it. */
    private DocumentSlice slice(byte[] json) {
        byte[] message =
                json[0] != '{' || text(json).contains("\"operationType\"")
                        ? json
                        : utf8(
                                "{ \"operationType\" : \"insert\", \"fullDocument\" : "
                                        + text(json)
                                        + " }");
        return Objects.requireNonNull(
                reader.readOutline(message, 0, message.length, true).fullDocument());
    }

    @Test
    @DisplayName("4.2 an outline has the token and the time, unless the headers have them")
    void hasThePlaceUnlessTheHeadersHaveIt() {
        byte[] message =
                utf8(
                        """
                        {"_id":{"_data":"8201"},"operationType":"update","clusterTime":{"$timestamp":{"t":7,"i":1}},
                        "fullDocument":null,"ns":{"db":"a","coll":"b"},"documentKey":{"_id":1},
                        "updateDescription":{"updatedFields":{}}}""");

        var whole = (EventOutline.OfAnyKind) reader.readOutline(message, 0, message.length, false);
        assertThat(whole.event().resumeToken().toHex()).isEqualTo("8201");
        assertThat(whole.event().clusterTime()).isEqualTo(new BsonTimestamp(7, 1));

        var placed = (EventOutline.OfAnyKind) reader.readOutline(message, 0, message.length, true);
        assertThat(placed.event().hasResumeToken()).isFalse();
        assertThat(placed.event().namespace()).isEqualTo(new Namespace("a", "b"));
        assertThat(placed.event().document().has("fullDocument")).isTrue();
        assertThat(placed.fullDocument()).isNull();
    }

    private static ChangeEvent insert(BsonDocument document) {
        var withId = document.clone();
        withId.put("_id", document.getOrDefault("_id", new BsonInt32(1)));
        ChangeEvent event =
                PipelineEvents.snapshot(
                        new Namespace("shop", "orders"),
                        RawDocument.of(withId),
                        new BsonTimestamp(1, 1));
        document.clear();
        document.putAll(withId);
        return event;
    }

    private static BsonDocument usual(RandomGenerator random, int depth) {
        var document = new BsonDocument("_id", new BsonObjectId(new ObjectId()));
        for (int i = random.nextInt(8); i > 0; i--) {
            document.append("field" + i, usualValue(random, depth));
        }
        return document;
    }

    private static BsonValue usualValue(RandomGenerator random, int depth) {
        return switch (random.nextInt(depth > 0 ? 10 : 8)) {
            case 0 -> new BsonInt32(random.nextInt(-1_000, 1_000_000));
            case 1 -> new BsonInt64(random.nextLong(-9_000_000_000L, 9_000_000_000L));
            case 2 -> new BsonDouble(random.nextInt(-100_000, 100_000) / 100.0);
            case 3 -> new BsonString("Zoë \"Z\"\n\\ Müller " + random.nextInt());
            case 4 -> BsonBoolean.valueOf(random.nextBoolean());
            case 5 -> new BsonDateTime(random.nextLong(0, 4_000_000_000_000L));
            case 6 -> BsonNull.VALUE;
            case 7 -> new BsonObjectId(new ObjectId());
            case 8 -> usual(random, depth - 1);
            default -> {
                var array = new BsonArray();
                for (int i = random.nextInt(4); i > 0; i--) {
                    array.add(usualValue(random, depth - 1));
                }
                yield array;
            }
        };
    }

    private static String number(RandomGenerator random) {
        var text = new StringBuilder(random.nextInt(3) == 0 ? "-" : "");
        digits(random, text, random.nextInt(1, random.nextBoolean() ? 4 : 21));
        while (text.length() > 1 && text.charAt(0) == '0' && Character.isDigit(text.charAt(1))) {
            text.deleteCharAt(0);
        }
        if (text.length() > 2 && text.charAt(0) == '-' && text.charAt(1) == '0') {
            text.setLength(2);
        }
        if (random.nextBoolean()) {
            text.append('.');
            digits(random, text, random.nextInt(1, random.nextBoolean() ? 4 : 10));
        }
        if (random.nextInt(10) == 0) {
            text.append(random.nextBoolean() ? "e" : "E-").append(random.nextInt(30));
        }
        return text.toString();
    }

    private static void digits(RandomGenerator random, StringBuilder text, int count) {
        for (int i = 0; i < count; i++) {
            text.append(random.nextInt(3) == 0 ? random.nextInt(10) : 0);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
