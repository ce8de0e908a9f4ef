package dev.cdcpipeline.model.wire;

import dev.cdcpipeline.model.BsonBytes;
import dev.cdcpipeline.model.ChangeEvent;
import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.model.PipelineEvents;
import dev.cdcpipeline.model.RawDocument;

import org.bson.BsonBinary;
import org.bson.BsonDateTime;
import org.bson.BsonDbPointer;
import org.bson.BsonDecimal128;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonJavaScript;
import org.bson.BsonJavaScriptWithScope;
import org.bson.BsonMaxKey;
import org.bson.BsonMinKey;
import org.bson.BsonNull;
import org.bson.BsonObjectId;
import org.bson.BsonRegularExpression;
import org.bson.BsonString;
import org.bson.BsonSymbol;
import org.bson.BsonTimestamp;
import org.bson.BsonUndefined;
import org.bson.BsonValue;
import org.bson.types.Decimal128;
import org.bson.types.ObjectId;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** Events that the golden files hold, by name. */
final class GoldenEvents {

    private static final BsonTimestamp TIME = new BsonTimestamp(1_777_636_800, 3);
    private static final ObjectId OBJECT_ID = new ObjectId("65f0c0ffee0123456789abcd");

    private GoldenEvents() {}

    static Map<String, ChangeEvent> all() {
        Map<String, ChangeEvent> events = new LinkedHashMap<>();
        events.put("insert", change("insert").with("fullDocument", customer()).event());
        events.put("update", update());
        events.put("update-of-a-document-gone-by-now", updateWithoutLookup());
        events.put("replace", change("replace").with("fullDocument", customer()).event());
        events.put("replace-of-the-type-of-an-id", retyped());
        events.put("delete", change("delete").event());
        events.put("delete-in-a-transaction", deleteInTransaction());
        events.put("every-bson-type", document(everyType()));
        events.put("numbers", document(numbers()));
        events.put("dates", document(dates()));
        events.put("text", document(text()));
        events.put("lookalikes", document(lookalikes()));
        events.put("only-bytes-can-say", onlyBytes());
        events.put("drop", command("drop").event());
        events.put("rename", command("rename").with("to", "{db: 'shop', coll: 'clients'}").event());
        events.put("drop-database", command("dropDatabase").with("ns", "{db: 'shop'}").event());
        events.put("invalidate", command("invalidate").without("ns").event());
        events.put("snapshot", snapshot());
        events.put("sweep", PipelineEvents.sweep(new Namespace("shop", "customers"), TIME));
        events.put(
                "sweep-of-what-a-rename-replaced",
                PipelineEvents.sweep(
                        new Namespace("shop", "clients"),
                        command("rename").with("to", "{db: 'shop', coll: 'clients'}").event()));
        return events;
    }

    private static Draft command(String operation) {
        return new Draft(
                new BsonDocument(
                                "_id",
                                BsonDocument.parse(
                                        "{_data: '8269F47E80000000032B022C0100296E5A1004'}"))
                        .append("operationType", new BsonString(operation))
                        .append("clusterTime", TIME)
                        .append("wallTime", new BsonDateTime(1_777_636_800_250L))
                        .append("ns", BsonDocument.parse("{db: 'shop', coll: 'customers'}")));
    }

    private static Draft change(String operation) {
        return command(operation)
                .with("documentKey", new BsonDocument("_id", new BsonObjectId(OBJECT_ID)));
    }

    private static ChangeEvent document(BsonDocument document) {
        return change("insert").with("fullDocument", document).event();
    }

    private static BsonDocument customer() {
        return BsonDocument.parse(
                """
                {
                  _id: ObjectId('65f0c0ffee0123456789abcd'),
                  name: 'Zoë Müller',
                  email: 'zoe@example.org',
                  active: true,
                  credit: NumberDecimal('1250.00'),
                  visits: 42,
                  rating: 4.5,
                  since: ISODate('2024-02-29T12:30:00.000Z'),
                  referredBy: null,
                  addresses: [
                    {kind: 'home', street: '1 Rue de l\\'Église', city: 'Genève', zip: '1204'},
                    {kind: 'work', street: '5 Main St', city: 'Springfield', zip: '62701'}
                  ],
                  tags: ['vip', 'newsletter']
                }
                """);
    }

    private static ChangeEvent update() {
        return change("update")
                .with("fullDocument", customer())
                .with(
                        "updateDescription",
                        "{updatedFields: {visits: 42, 'addresses.0.zip': '1204'},"
                                + " removedFields: ['phone'],"
                                + " truncatedArrays: [{field: 'tags', newSize: 2}]}")
                .event();
    }

    private static ChangeEvent updateWithoutLookup() {
        return change("update")
                .with("fullDocument", BsonNull.VALUE)
                .with("updateDescription", "{updatedFields: {visits: 43}, removedFields: []}")
                .event();
    }

    /** MongoDB takes 7 and 7.0 for one {@code _id}; the event's key has the old one. */
    private static ChangeEvent retyped() {
        return change("replace")
                .with("documentKey", "{_id: {shop: NumberLong(1), no: NumberDecimal('7.00')}}")
                .with("fullDocument", "{_id: {shop: 1, no: 7.0}, visits: 1}")
                .event();
    }

    private static ChangeEvent deleteInTransaction() {
        return change("delete")
                .with("txnNumber", new BsonInt64(7))
                .with(
                        "lsid",
                        new BsonDocument("id", new BsonBinary((byte) 4, new byte[16]))
                                .append("uid", new BsonBinary(new byte[32])))
                .event();
    }

    private static ChangeEvent snapshot() {
        return PipelineEvents.snapshot(
                new Namespace("shop", "customers"), RawDocument.of(customer()), TIME);
    }

    private static BsonDocument everyType() {
        return new BsonDocument("_id", new BsonObjectId(OBJECT_ID))
                .append("double", new BsonDouble(19.99))
                .append("string", new BsonString("text"))
                .append("document", BsonDocument.parse("{a: {b: {}}}"))
                .append("array", BsonDocument.parse("{a: [1, 'two', [3], {four: 4}, []]}").get("a"))
                .append("binary", new BsonBinary(new byte[] {0, 1, 2, 3}))
                .append("binaryOld", new BsonBinary((byte) 2, new byte[] {0, 1, 2, 3}))
                .append("uuid", new BsonBinary((byte) 4, OBJECT_ID_TWICE))
                .append("uuidLegacy", new BsonBinary((byte) 3, OBJECT_ID_TWICE))
                .append("undefined", new BsonUndefined())
                .append("boolean", BsonDocument.parse("{b: false}").get("b"))
                .append("date", new BsonDateTime(1_777_636_800_250L))
                .append("null", BsonNull.VALUE)
                .append("regex", new BsonRegularExpression("^a\\d+/", "im"))
                .append("dbPointer", new BsonDbPointer("shop.orders", OBJECT_ID))
                .append("javascript", new BsonJavaScript("return 1"))
                .append("symbol", new BsonSymbol("symbol"))
                .append(
                        "javascriptWithScope",
                        new BsonJavaScriptWithScope("return x", BsonDocument.parse("{x: 1}")))
                .append("int32", new BsonInt32(-1))
                .append("timestamp", new BsonTimestamp(-1, -1))
                .append("int64", new BsonInt64(Long.MIN_VALUE))
                .append("decimal128", new BsonDecimal128(Decimal128.parse("-1.20E-10")))
                .append("minKey", new BsonMinKey())
                .append("maxKey", new BsonMaxKey());
    }

    private static final byte[] OBJECT_ID_TWICE =
            HexFormat.of().parseHex("00112233445566778899aabbccddeeff");

    private static BsonDocument numbers() {
        return new BsonDocument("int32", new BsonInt32(Integer.MAX_VALUE))
                .append("int64AsSmallAsAnInt32", new BsonInt64(5))
                .append("int64", new BsonInt64(5_000_000_000L))
                .append("doubleWithoutFraction", new BsonDouble(5))
                .append("doubleMinusZero", new BsonDouble(-0.0))
                .append("doubleLarge", new BsonDouble(1e10))
                .append("doubleLargest", new BsonDouble(Double.MAX_VALUE))
                .append("doubleSmallest", new BsonDouble(Double.MIN_VALUE))
                .append("doubleThird", new BsonDouble(1.0 / 3))
                .append("doubleNaN", new BsonDouble(Double.NaN))
                .append("doubleInfinity", new BsonDouble(Double.NEGATIVE_INFINITY))
                .append("decimalTrailingZeros", decimal("1.00"))
                .append("decimalMinusZero", decimal("-0"))
                .append("decimalZeroWithExponent", decimal("0E+3"))
                .append("decimalLargest", decimal("9.999999999999999999999999999999999E+6144"))
                .append("decimalSmallest", decimal("1E-6176"))
                .append("decimalNaN", decimal("NaN"))
                .append("decimalInfinity", decimal("-Infinity"));
    }

    private static BsonDecimal128 decimal(String text) {
        return new BsonDecimal128(Decimal128.parse(text));
    }

    private static BsonDocument dates() {
        return new BsonDocument("epoch", new BsonDateTime(0))
                .append("milliseconds", new BsonDateTime(1))
                .append("leapDay", new BsonDateTime(951_782_400_000L))
                .append("lastOfYear9999", new BsonDateTime(253_402_300_799_999L))
                .append("before1970", new BsonDateTime(-1))
                .append("year10000", new BsonDateTime(253_402_300_800_000L))
                .append("year0", new BsonDateTime(-62_167_219_200_000L))
                .append("first", new BsonDateTime(Long.MIN_VALUE))
                .append("last", new BsonDateTime(Long.MAX_VALUE));
    }

    private static BsonDocument text() {
        return new BsonDocument("empty", new BsonString(""))
                .append("quotes", new BsonString("\"\\/"))
                .append("controls", new BsonString("\b\t\n\f\r\u0001\u001f\u007f"))
                .append("nul", new BsonString("a\0b"))
                .append("accented", new BsonString("é ß ø"))
                .append("chinese", new BsonString("中文"))
                .append("emoji", new BsonString("😀👩‍👩‍👧"))
                .append("lineSeparators", new BsonString("\u2028\u2029"))
                .append("", new BsonString("a field with an empty name"))
                .append("dotted.name", new BsonString("."))
                .append("$name", new BsonString("$"))
                .append("naïve \"name\"\n", new BsonString("a name to be escaped"));
    }

    private static BsonDocument lookalikes() {
        return new BsonDocument(
                        "oid", BsonDocument.parse("{x: 1}").append("$oid", new BsonInt32(1)))
                .append("regex", new BsonDocument("$regex", new BsonString("^a")))
                .append("raw", new BsonDocument("$cdc.raw", new BsonInt32(1)))
                .append("string", new BsonDocument("$cdc.string", new BsonString("YQ==")))
                .append("dbRef", BsonDocument.parse("{$ref: 'orders', $id: 1}"));
    }

    /** A string that is not UTF-8, and an array whose names do not count up. */
    private static ChangeEvent onlyBytes() {
        BsonDocument pattern =
                new BsonDocument("notUtf8", new BsonString("abc"))
                        .append("array", BsonDocument.parse("{a: [1, 2]}").get("a"));
        byte[] bytes = RawDocument.of(pattern).toBytes();
        bytes[indexOf(bytes, "abc") + 1] = (byte) 0xFF;
        bytes[indexOf(bytes, "array") + 5 + 1 + 4 + 1] = '7';
        Draft draft = change("insert").with("fullDocument", BsonDocument.parse("{}"));
        RawDocument event = RawDocument.of(draft.document());
        return ChangeEvent.of(withLastDocument(event, bytes));
    }

    /** The event with another document in place of the empty one at its end. */
    private static RawDocument withLastDocument(RawDocument event, byte[] document) {
        int head = event.length() - 6;
        byte[] bytes = new byte[head + document.length + 1];
        System.arraycopy(event.array(), event.offset(), bytes, 0, head);
        System.arraycopy(document, 0, bytes, head, document.length);
        BsonBytes.putInt32(bytes, 0, bytes.length);
        return RawDocument.wrap(bytes);
    }

    private static int indexOf(byte[] bytes, String ascii) {
        return new String(bytes, StandardCharsets.ISO_8859_1).indexOf(ascii);
    }

    /** An event in the making. */
    private record Draft(BsonDocument document) {

        Draft with(String name, BsonValue value) {
            document.append(name, value);
            return this;
        }

        Draft with(String name, String json) {
            return with(name, BsonDocument.parse(json));
        }

        Draft without(String name) {
            document.remove(name);
            return this;
        }

        ChangeEvent event() {
            return ChangeEvent.of(RawDocument.of(document));
        }
    }
}
