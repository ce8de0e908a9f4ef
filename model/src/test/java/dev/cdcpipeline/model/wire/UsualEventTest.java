package dev.cdcpipeline.model.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.model.ChangeEvent;
import dev.cdcpipeline.model.DocumentKey;
import dev.cdcpipeline.model.MalformedMessageException;
import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.model.OperationType;
import dev.cdcpipeline.model.RawDocument;
import dev.cdcpipeline.testkit.Property;

import org.bson.BsonDocument;
import org.bson.BsonObjectId;
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
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.random.RandomGenerator;

/** The quick way through an event finds what the long way finds, or leaves it to that. */
class UsualEventTest {

    private static final int CASES = 20_000;
    private static final String TOKEN = "82650F1A2B000000012B0229296E04";

    private final UsualEvent usual = new UsualEvent(new JsonToBson());
    private final JsonToBson longWay = new JsonToBson();

    /** All that the Syncer asks an outline for. */
    private record Facts(
            OperationType operation,
            @Nullable RecordHeaders headers,
            @Nullable Namespace namespace,
            @Nullable DocumentKey key,
            int documentStart,
            int documentEnd,
            @Nullable Long wallMillis) {}

    @Test
    @DisplayName(
            "4.2 an event in its usual form is read as the long way reads it, however it is spelt")
    void findsWhatTheLongWayFinds() {
        int[] quick = new int[1];
        Property.forAll(
                CASES,
                UsualEventTest::message,
                message -> {
                    boolean placed = message.hashCode() % 2 == 0;
                    byte[] bytes = utf8("before" + message + "after");
                    int end = bytes.length - "after".length();
                    if (usual.read(bytes, "before".length(), end, placed)) {
                        quick[0]++;
                        assertThat(quickFacts(placed)).isEqualTo(longFacts(bytes, end, placed));
                    }
                });
        assertThat(quick[0]).isBetween(CASES / 20, CASES * 9 / 10);
    }

    private Object quickFacts(boolean placed) {
        try {
            DocumentSlice document = usual.fullDocument();
            assertThat(document != null || usual.operationType() == OperationType.DELETE).isTrue();
            return new Facts(
                    usual.operationType(),
                    placed ? null : usual.headers(),
                    usual.namespace(),
                    quickKey(),
                    document == null ? -1 : document.start(),
                    document == null ? -1 : document.end(),
                    usual.wallMillis());
        } catch (MalformedMessageException e) {
            return "malformed";
        }
    }

    private DocumentKey quickKey() {
        int at = usual.objectIdStart();
        if (at < 0) {
            return usual.documentKey();
        }
        String hex = new String(usual.array(), at, 24, StandardCharsets.US_ASCII);
        var id = new BsonObjectId(new ObjectId(hex));
        assertThat(id.getValue().toHexString()).isEqualTo(hex);
        return DocumentKey.of(RawDocument.of(new BsonDocument("_id", id)));
    }

    private Object longFacts(byte[] bytes, int end, boolean placed) {
        try {
            RawDocument outline = longWay.readOutline(bytes, "before".length(), end, placed);
            ChangeEvent event = ChangeEvent.of(outline);
            return new Facts(
                    event.operationType(),
                    placed ? null : RecordHeaders.of(event),
                    event.namespace(),
                    event.documentKey(),
                    longWay.documentStart(),
                    longWay.documentStart() < 0 ? -1 : longWay.documentEnd(),
                    event.wallTime() == null ? null : event.wallTime().toEpochMilli());
        } catch (MalformedMessageException e) {
            return "malformed";
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "\0", "}", " {}"})
    @DisplayName("4.2 text after the event is not overlooked")
    void textAfterTheEventIsNotOverlooked(String after) {
        byte[] message = utf8(text(event(new Random(1), 0)) + " \n" + after);

        assertThat(usual.read(message, 0, message.length - after.length(), false)).isTrue();
        assertThat(usual.read(message, 0, message.length, false)).isFalse();
    }

    @Test
    @DisplayName("4.2 what the Watcher writes is usual")
    void watchersEventsAreUsual() {
        var event =
                ChangeEvent.of(RawDocument.of(BsonDocument.parse(text(event(new Random(1), 0)))));
        byte[] message = new EventWriter(WireFormat.JSON).value(event);

        assertThat(usual.read(message, 0, message.length, true)).isTrue();
        assertThat(usual.read(message, 0, message.length, false)).isTrue();
        assertThat(usual.objectIdStart()).isPositive();
    }

    @ParameterizedTest
    @EnumSource(names = {"EXTENDED", "RELAXED", "STRICT"})
    @DisplayName(
            "4.2 what the official connector writes is usual, but for the dates of canonical JSON")
    void driversEventsAreUsual(JsonMode mode) {
        var settings = JsonWriterSettings.builder().outputMode(mode).build();
        var event = BsonDocument.parse(text(event(new Random(1), 0)));
        if (mode != JsonMode.RELAXED) {
            event.remove("wallTime");
        }
        byte[] message = utf8(event.toJson(settings));

        assertThat(usual.read(message, 0, message.length, false)).isTrue();
        assertThat(usual.objectIdStart()).isPositive();
    }

    /** Usual ones, unusual ones, and such that have a byte that does not belong there. */
    private static String message(RandomGenerator random) {
        String message = text(event(random, random.nextInt(3)));
        if (random.nextInt(4) > 0) {
            return message;
        }
        var broken = new StringBuilder(message);
        String other = "{}[]\",:\\0aAzZ $\n";
        broken.setCharAt(
                random.nextInt(message.length()), other.charAt(random.nextInt(other.length())));
        return broken.toString();
    }

    private static String text(List<String> fields) {
        return "{" + String.join(",", fields) + "}";
    }

    /**
     * Fields of an event in any order.
     *
     * @param oddities about so many of them in another form than the usual
     */
    private static List<String> event(RandomGenerator random, int oddities) {
        var fields = new ArrayList<String>();
        String operation = pick(random, "insert", "update", "replace", "delete");
        fields.add("\"operationType\":\"" + operation + "\"");
        fields.add("\"_id\":{\"_data\":\"" + TOKEN + "\"}");
        fields.add("\"clusterTime\":{\"$timestamp\":{\"t\":1700000000,\"i\":7}}");
        fields.add("\"wallTime\":{\"$date\":\"2026-05-01T12:30:00.250Z\"}");
        fields.add("\"ns\":{\"db\":\"shop\",\"coll\":\"orders\"}");
        fields.add("\"documentKey\":{\"_id\":{\"$oid\":\"65f0c0ffee0123456789abcd\"}}");
        if (!operation.equals("delete")) {
            fields.add("\"fullDocument\":{\"_id\":1,\"a\":[{\"b\":\"}\\\"{\"}]}");
        }
        if (operation.equals("update")) {
            fields.add("\"updateDescription\":{\"updatedFields\":{\"a\":[]}}");
        }
        for (int i = 0; i < oddities; i++) {
            makeOdd(random, fields);
        }
        if (oddities > 0) {
            Collections.shuffle(fields, new Random(random.nextLong()));
        }
        return fields;
    }

    private static void makeOdd(RandomGenerator random, List<String> fields) {
        if (random.nextInt(8) == 0) {
            fields.remove(random.nextInt(fields.size()));
            return;
        }
        String odd =
                pick(
                        random,
                        "\"operationType\" : \"insert\"",
                        "\"operationType\":\"drop\"",
                        "\"operationType\":\"in\\u0073ert\"",
                        "\"operationType\":null",
                        "\"_id\" : { \"_data\" : \"" + TOKEN.toLowerCase(Locale.ROOT) + "\" }",
                        "\"_id\":{\"_data\":\"820\"}",
                        "\"_id\":{\"_data\":\"\"}",
                        "\"_id\":{\"_data\":\"8\\u0032\"}",
                        "\"_id\":{\"_data\":\"82zz\"}",
                        "\"_id\":{\"_data\":\"82\",\"_typeBits\":{\"$binary\":{\"base64\":\"gg==\",\"subType\":\"00\"}}}",
                        "\"_id\":{\"_id\":1,\"copyingData\":true}",
                        "\"clusterTime\":{\"$timestamp\":{\"i\":7,\"t\":1}}",
                        "\"clusterTime\": {\"$timestamp\": {\"t\": 1, \"i\": 2}}",
                        "\"clusterTime\":{\"$timestamp\":{\"t\":4294967295,\"i\":2147483647}}",
                        "\"clusterTime\":{\"$timestamp\":{\"t\":4294967296,\"i\":1}}",
                        "\"clusterTime\":{\"$timestamp\":{\"t\":1,\"i\":2147483648}}",
                        "\"clusterTime\":{\"$timestamp\":{\"t\":-1,\"i\":1}}",
                        "\"clusterTime\":{\"$timestamp\":{\"t\":01,\"i\":0}}",
                        "\"clusterTime\":{\"$timestamp\":{\"t\":18446744073709551617,\"i\":1}}",
                        "\"clusterTime\":{\"$timestamp\":{\"t\":1,\"i\":1,\"i\":2}}",
                        "\"clusterTime\":7",
                        "\"wallTime\":{\"$date\":{\"$numberLong\":\"1700000000000\"}}",
                        "\"wallTime\":{\"$date\":\"2026-05-01T14:30:00+02:00\"}",
                        "\"wallTime\":{\"$date\":\"yesterday\"}",
                        "\"wallTime\":null",
                        "\"ns\" : { \"coll\" : \"orders\" , \"db\" : \"shop\" }",
                        "\"ns\":{\"db\":\"shop\"}",
                        "\"ns\":{\"db\":\"a.b\",\"coll\":\"c\"}",
                        "\"ns\":{\"db\":1,\"coll\":\"c\"}",
                        "\"ns\":{\"db\" \"shop\"}",
                        "\"ns\":{}",
                        "\"documentKey\":{\"_id\":{\"$oid\":\"65F0C0FFEE0123456789ABCD\"}}",
                        "\"documentKey\":{\"_id\":{\"$oid\":\"65f0\"}}",
                        "\"documentKey\":{\"_id\":{\"$oid\":\"65f0c0ffee0123456789abcd00\"}}",
                        "\"documentKey\":{\"_id\":{\"$oid\":\"\\u0036500c0ffee0123456789abcd\"}}",
                        "\"documentKey\":{\"_id\":{\"$oid\":\"65f0c0ffee0123456789abcd\",\"a\":1}}",
                        "\"documentKey\":{\"_id\":{\"$oid\":\"65f0c0ffee0123456789abcd\"},\"shard\":1}",
                        "\"documentKey\":{\"shard\":1,\"_id\":\"x\"}",
                        "\"documentKey\":{\"_id\":\"text\"}",
                        "\"documentKey\":{\"_id\":{\"a\":[1,2]}}",
                        "\"documentKey\":{\"_id\":{}}",
                        "\"documentKey\":{\"shard\":1}",
                        "\"documentKey\":[]",
                        "\"fullDocument\":null",
                        "\"fullDocument\":{}",
                        "\"fullDocument\" : {\"a\" : nonsense}",
                        "\"fullDocument\":\"text\"",
                        "\"updateDescription\":null",
                        "\"fullDocumentBeforeChange\":{\"a\":1}",
                        "\"full\\u0044ocument\":{\"a\":1}",
                        "\"txnNumber\":{\"$numberLong\":\"5\"}",
                        "\"lsid\":{\"id\":1}",
                        "\"to\":{\"db\":\"a\",\"coll\":\"b\"}",
                        "\"other\":nonsense");
        int colon = odd.indexOf(':');
        String name = odd.substring(0, colon).strip();
        if (random.nextInt(4) > 0) {
            fields.removeIf(field -> field.startsWith(name));
        }
        fields.add(odd);
    }

    private static String pick(RandomGenerator random, String... some) {
        return some[random.nextInt(some.length)];
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
