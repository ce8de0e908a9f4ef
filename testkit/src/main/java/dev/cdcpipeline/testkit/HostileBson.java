package dev.cdcpipeline.testkit;

import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;

/** Writes BSON byte by byte, to say also what the {@code org.bson} library cannot. */
final class HostileBson {

    private static final byte[][] NOT_UTF_8 = {
        {(byte) 0xED, (byte) 0xA0, (byte) 0x80}, // a lone high surrogate
        {(byte) 0xED, (byte) 0xB0, (byte) 0x80}, // a lone low surrogate
        {(byte) 0xC0, (byte) 0x80}, // NUL, overlong
        {(byte) 0xF5, (byte) 0x80, (byte) 0x80, (byte) 0x80}, // past U+10FFFF
        {(byte) 0xE2, (byte) 0x82}, // cut off
        {(byte) 0xFF}, // no byte of UTF-8
        {(byte) 0x80} // a tail alone
    };

    private static final String[] OPERATIONS = {
        "insert",
        "update",
        "replace",
        "delete",
        "drop",
        "rename",
        "dropDatabase",
        "invalidate",
        "createIndexes"
    };

    private final RandomGenerator random;
    private int depth;

    HostileBson(RandomGenerator random) {
        this.random = random;
    }

    byte[] document() {
        ByteArrayOutputStream fields = new ByteArrayOutputStream();
        int size = random.nextInt(depth == 0 ? 14 : 5);
        for (int i = 0; i < size; i++) {
            field(fields, name(), random.nextInt(8) == 0);
        }
        if (size > 0 && random.nextInt(30) == 0) {
            byte[] twice = fields.toByteArray();
            fields.writeBytes(twice);
        }
        return framed(fields);
    }

    /** A field whose value is one that only bytes can say, or any. */
    private void field(ByteArrayOutputStream out, byte[] name, boolean odd) {
        if (odd) {
            oddField(out, name);
        } else if (depth < 5 && random.nextInt(6) == 0) {
            depth++;
            boolean isArray = random.nextInt(3) == 0;
            put(out, isArray ? 4 : 3, name, isArray ? array() : document());
            depth--;
        } else {
            out.writeBytes(element(name, BsonGen.values().next(random)));
        }
    }

    private void oddField(ByteArrayOutputStream out, byte[] name) {
        switch (random.nextInt(9)) {
            case 0 -> put(out, 0x02, name, string(notUtf8()));
            case 1 -> put(out, 0x0D, name, string(notUtf8()));
            case 2 -> put(out, 0x0E, name, string(notUtf8()));
            case 3 -> put(out, 0x0B, name, join(notUtf8(), new byte[] {0, 'x', 'i', 0}));
            case 4 -> put(out, 0x0C, name, join(string(notUtf8()), Gen.bytes(12, 12).next(random)));
            case 5 -> put(out, 0x01, name, int64(0x7FF0_0000_0000_0000L | 1 + random.nextInt()));
            case 6 ->
                    put(out, 0x13, name, join(int64(random.nextLong()), int64(random.nextLong())));
            case 7 -> put(out, 0x05, name, join(int32(3), new byte[] {2, 9, 9, 9}));
            default -> {
                byte[] code = join(string(notUtf8()), framed(new ByteArrayOutputStream()));
                put(out, 0x0F, name, join(int32(code.length + 4), code));
            }
        }
    }

    private byte[] array() {
        ByteArrayOutputStream fields = new ByteArrayOutputStream();
        int size = random.nextInt(15);
        boolean odd = random.nextInt(6) == 0;
        for (int i = 0; i < size; i++) {
            byte[] name = odd && random.nextBoolean() ? name() : ascii(Integer.toString(i));
            field(fields, name, false);
        }
        return framed(fields);
    }

    private byte[] name() {
        return random.nextInt(60) == 0
                ? notUtf8()
                : BsonGen.names().next(random).getBytes(StandardCharsets.UTF_8);
    }

    private byte[] notUtf8() {
        byte[] before = ascii(Gen.words(5).next(random));
        return join(before, join(NOT_UTF_8[random.nextInt(NOT_UTF_8.length)], ascii("z")));
    }

    /** A change event around a document. */
    byte[] event() {
        String operation = OPERATIONS[random.nextInt(OPERATIONS.length)];
        ByteArrayOutputStream event = new ByteArrayOutputStream();
        byte[] token = Gen.bytes(1, 40).next(random);
        put(event, 3, "_id", join3("_data", string(ascii(hex(token)))));
        put(event, 2, "operationType", string(ascii(operation)));
        put(event, 0x11, "clusterTime", int64(random.nextLong() & ~0x8000_0000L));
        if (random.nextBoolean()) {
            put(event, 9, "wallTime", int64(BsonGen.dates().next(random)));
        }
        ByteArrayOutputStream ns = new ByteArrayOutputStream();
        put(ns, 2, "db", string(ascii(Gen.words(8).next(random))));
        put(ns, 2, "coll", string(Gen.strings(10).next(random).getBytes(StandardCharsets.UTF_8)));
        put(event, 3, "ns", framed(ns));
        ByteArrayOutputStream key = new ByteArrayOutputStream();
        key.writeBytes(element(ascii("_id"), BsonGen.ids().next(random)));
        put(event, 3, "documentKey", framed(key));
        switch (operation) {
            case "insert", "replace" -> put(event, 3, "fullDocument", document());
            case "update" -> {
                put(event, 3, "updateDescription", document());
                if (random.nextBoolean()) {
                    put(event, 3, "fullDocument", document());
                }
            }
            case "rename" -> put(event, 3, "to", framed(ns));
            default -> put(event, 0x0A, "fullDocument", new byte[0]);
        }
        if (random.nextInt(4) == 0) {
            put(event, 0x12, "txnNumber", int64(Gen.longs().next(random)));
            put(event, 3, "lsid", document());
        }
        return framed(event);
    }

    private static String hex(byte[] bytes) {
        return java.util.HexFormat.of().withUpperCase().formatHex(bytes);
    }

    private static byte[] join3(String name, byte[] string) {
        ByteArrayOutputStream fields = new ByteArrayOutputStream();
        put(fields, 2, name, string);
        return framed(fields);
    }

    /** The bytes of a field as the {@code org.bson} library writes it. */
    private static byte[] element(byte[] name, BsonValue value) {
        RawBsonDocument document =
                new RawBsonDocument(new BsonDocument("", value), new BsonDocumentCodec());
        ByteBuffer bytes = document.getByteBuffer().asNIO();
        byte[] whole = new byte[bytes.remaining()];
        bytes.get(whole);
        ByteArrayOutputStream element = new ByteArrayOutputStream();
        element.write(whole[4]);
        element.writeBytes(name);
        element.write(whole, 5, whole.length - 6);
        return element.toByteArray();
    }

    private static void put(ByteArrayOutputStream out, int type, String name, byte[] value) {
        put(out, type, ascii(name), value);
    }

    private static void put(ByteArrayOutputStream out, int type, byte[] name, byte[] value) {
        out.write(type);
        out.writeBytes(name);
        out.write(0);
        out.writeBytes(value);
    }

    private static byte[] framed(ByteArrayOutputStream fields) {
        return join(int32(fields.size() + 5), join(fields.toByteArray(), new byte[1]));
    }

    private static byte[] string(byte[] text) {
        return join(int32(text.length + 1), join(text, new byte[1]));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] int32(int value) {
        return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
    }

    private static byte[] int64(long value) {
        return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
    }

    private static byte[] join(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
    }
}
