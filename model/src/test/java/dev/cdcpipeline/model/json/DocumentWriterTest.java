package dev.cdcpipeline.model.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.model.MalformedMessageException;
import dev.cdcpipeline.model.RawDocument;
import dev.cdcpipeline.testkit.BsonGen;
import dev.cdcpipeline.testkit.Property;

import org.bson.BsonArray;
import org.bson.BsonBinary;
import org.bson.BsonDocument;
import org.bson.BsonRegularExpression;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** However a document is written, its text is the same: at once, with a bound, piece by piece. */
class DocumentWriterTest {
    private static final int CASES = 300;

    @ParameterizedTest
    @ValueSource(ints = {1, 17, 200})
    @DisplayName("case S2: A text that goes away piece by piece is the one that is made at once")
    void streamsWhatItWrites(int piece) {
        for (Supplier<JsonStyle> style : styles()) {
            var writer = new DocumentWriter(style.get());
            var other = new DocumentWriter(style.get());
            Property.forAll(
                    CASES,
                    BsonGen.documentBytes(),
                    bytes -> {
                        RawDocument document = RawDocument.wrap(bytes);
                        String text;
                        try {
                            text = utf8(other.write(document));
                        } catch (MalformedMessageException e) {
                            return;
                        }
                        assertThat(utf8(streamed(writer, document, piece))).isEqualTo(text);
                        assertThat(writer.measure(document)).isEqualTo(length(text));
                        assertThat(bounded(writer, document, 64 << 20)).isEqualTo(text);
                        assertThat(bounded(writer, document, length(text) - 1)).isNull();
                        assertThat(writer.length()).isEqualTo(length(text));
                    });
        }
    }

    @Test
    @DisplayName("case S2: Large values, which go in pieces of their own, are the same, too")
    void streamsLargeValues() {
        byte[] noise = new byte[5_000_000];
        new Random(1).nextBytes(noise);
        var document =
                new BsonDocument("text", new BsonString("\u0001x\u00e9".repeat(700_000)))
                        .append("plain", new BsonString("y".repeat(700_000)))
                        .append("bytes", new BsonBinary(noise))
                        .append("nul", new BsonString("\0z".repeat(100_000)))
                        .append("n".repeat(300_000), new BsonString(""))
                        .append("many", many(new BsonRegularExpression("", ""), 100_000));
        RawDocument raw = RawDocument.of(document);
        for (Supplier<JsonStyle> style : styles()) {
            var writer = new DocumentWriter(style.get());
            byte[] small = new DocumentWriter(style.get()).write(raw, Integer.MAX_VALUE - 16);
            assertThat(writer.write(raw)).isEqualTo(small);
            assertThat(streamed(writer, raw, 64 * 1024)).isEqualTo(small);
            assertThat(writer.write(RawDocument.EMPTY)).isEqualTo(new byte[] {'{', '}'});
        }
    }

    private static List<Supplier<JsonStyle>> styles() {
        return List.of(
                PlainStyle::new, () -> new ExtendedStyle(true), () -> new ExtendedStyle(false));
    }

    private static BsonArray many(BsonValue value, int count) {
        return new BsonArray(Collections.nCopies(count, value));
    }

    private static byte[] streamed(DocumentWriter writer, RawDocument document, int piece) {
        var out = new ByteArrayOutputStream();
        writer.write(document, out::write, piece);
        return out.toByteArray();
    }

    private static @Nullable String bounded(DocumentWriter writer, RawDocument document, int most) {
        byte[] text = writer.write(document, most);
        return text == null ? null : utf8(text);
    }

    private static int length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static String utf8(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
