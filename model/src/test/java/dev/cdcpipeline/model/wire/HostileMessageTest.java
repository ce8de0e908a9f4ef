package dev.cdcpipeline.model.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dev.cdcpipeline.model.BsonBytes;
import dev.cdcpipeline.model.ChangeEvent;
import dev.cdcpipeline.model.DocumentKey;
import dev.cdcpipeline.model.MalformedMessageException;
import dev.cdcpipeline.model.RawDocument;
import dev.cdcpipeline.model.json.PlainJson;
import dev.cdcpipeline.testkit.BsonGen;

import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Whatever the bytes are, reading them ends in an event or in the one exception. */
class HostileMessageTest {

    private static final int MUTATIONS = 100_000;
    private static final int MESSAGES = 400;

    private final EventReader reader = new EventReader();
    private final EventWriter json = new EventWriter(WireFormat.JSON);
    private final PlainJson plain = new PlainJson();
    private final DocumentRenderer renderer = DocumentRenderer.plain();

    /** Would end a string, an object, an array, a number or white space before or after it. */
    private static final byte[] BESIDE = "00\"}]} ,:".getBytes(StandardCharsets.UTF_8);

    @ParameterizedTest
    @EnumSource
    @DisplayName("4.4 100,000 mutated messages are read or refused with a position")
    void survivesMutatedMessages(WireFormat format) {
        long seed = Long.getLong("property.seed", System.nanoTime());
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        Mutation mutation = new Mutation(random, messages(format, random));
        int refused = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] message = mutation.next();
            try {
                refused += useAll(message) ? 0 : 1;
            } catch (RuntimeException | StackOverflowError e) {
                fail("Mutation " + i + " of -Dproperty.seed=" + seed + " throws", e);
            }
        }
        assertThat(refused).isBetween(MUTATIONS / 10, MUTATIONS - 1);
    }

    /** Does everything one can do with a message; false when it is refused. */
    private boolean useAll(byte[] message) {
        readKey(message);
        byte[] rendered = renderInShort(message);
        ChangeEvent event;
        try {
            event = reader.read(message);
        } catch (MalformedMessageException e) {
            assertThat(e.bytePosition()).isBetween(0, message.length);
            return false;
        }
        RawDocument document = event.fullDocument();
        if (document != null) {
            assertThat(rendered).as("the document, not looked at before").isNotNull();
        }
        assertThat(reader.read(json.value(event))).isEqualTo(event);
        plain.render(event.document());
        for (Consumer<ChangeEvent> accessor : ACCESSORS) {
            try {
                accessor.accept(event);
            } catch (MalformedMessageException e) {
                assertThat(e.bytePosition()).isBetween(0, event.document().length());
            }
        }
        return true;
    }

    /**
     * The document, not looked at before it is rendered; null when there is none. The same of the
     * message alone and between others, which it would go on with if its end were not minded.
     */
    private byte @Nullable [] renderInShort(byte[] message) {
        Object alone = render(message, 0, message.length);
        byte[] among = new byte[2 * BESIDE.length + message.length];
        System.arraycopy(BESIDE, 0, among, 0, BESIDE.length);
        System.arraycopy(message, 0, among, BESIDE.length, message.length);
        System.arraycopy(BESIDE, 0, among, BESIDE.length + message.length, BESIDE.length);

        assertThat(render(among, BESIDE.length, BESIDE.length + message.length)).isEqualTo(alone);
        return alone instanceof byte[] rendered ? rendered : null;
    }

    /** The document's JSON, or what is wrong with the message. */
    private Object render(byte[] array, int start, int end) {
        try {
            DocumentSlice document = reader.readOutline(array, start, end, true).fullDocument();
            return document == null ? "no document" : bytes(renderer.render(document));
        } catch (MalformedMessageException e) {
            assertThat(e.bytePosition()).isBetween(0, end - start);
            return e.toString();
        }
    }

    private static byte[] bytes(JsonSlice json) {
        return Arrays.copyOfRange(json.array(), json.start(), json.end());
    }

    private void readKey(byte[] message) {
        try {
            reader.readKey(message);
        } catch (MalformedMessageException e) {
            assertThat(e.bytePosition()).isBetween(0, message.length);
        }
    }

    private static final List<Consumer<ChangeEvent>> ACCESSORS =
            List.of(
                    ChangeEvent::operationType,
                    ChangeEvent::namespace,
                    ChangeEvent::renamedTo,
                    ChangeEvent::documentKey,
                    ChangeEvent::fullDocument,
                    ChangeEvent::updateDescription,
                    ChangeEvent::clusterTime,
                    ChangeEvent::wallTime,
                    ChangeEvent::txnNumber,
                    ChangeEvent::lsid,
                    ChangeEvent::resumeToken,
                    RecordHeaders::of,
                    event -> event.document().toBsonDocument());

    private static List<byte[]> messages(WireFormat format, RandomGenerator random) {
        EventWriter writer = new EventWriter(format);
        List<byte[]> messages = new ArrayList<>();
        while (messages.size() < MESSAGES) {
            byte[] event = BsonGen.eventBytes().next(random);
            if (event.length < 4_000) {
                messages.add(writer.value(ChangeEvent.of(RawDocument.wrap(event))));
            }
        }
        return messages;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[",
                "{\"a\":",
                "{\"a\":[",
                "{\"$code\":\"\",\"$scope\":",
                "{\"$code\":\"\",\"$scope\":{\"a\":",
                "{\"$regex\":\"\",\"$options\":\"\",\"a\":",
                "{\"$regex\":",
                "{\"$date\":",
                "{\"$dbPointer\":",
                "{\"$cdc.raw\":"
            })
    void refusesBottomlessNestingWithoutOverflowingTheStack(String level) {
        byte[] message = ("{\"a\":" + level.repeat(200_000)).getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> reader.read(message))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining("at byte");
    }

    @Test
    void refusesBottomlessBson() {
        byte[] bytes = {5, 0, 0, 0, 0};
        for (int i = 0; i < BsonBytes.MAX_DEPTH; i++) {
            bytes = Mutation.enclose(bytes);
        }
        byte[] message = bytes;

        assertThatThrownBy(() -> reader.read(message))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining("nested deeper than 256 levels");
        assertThatThrownBy(() -> plain.render(RawDocument.wrap(message)))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining("nested deeper than 256 levels");
    }

    @ParameterizedTest
    @EnumSource
    void readsWhatIsNestedToTheLastAllowedLevel(WireFormat format) {
        byte[] bytes = RawDocument.of(BsonDocument.parse(INNERMOST)).toBytes();
        for (int i = 0; i < BsonBytes.MAX_DEPTH - 2; i++) {
            bytes = Mutation.enclose(bytes);
        }
        RawDocument deep = RawDocument.wrap(bytes);
        DocumentKey key = DocumentKey.of(idOf(deep));

        assertThat(reader.readKey(new EventWriter(format).key(key))).isEqualTo(key);
    }

    private static final String INNERMOST =
            "{\"o\": {\"$oid\": \"0123456789abcdef01234567\"}, \"d\": {\"$date\": 0}}";

    private static RawDocument idOf(RawDocument document) {
        return RawDocument.of(new BsonDocument("_id", new RawBsonDocument(document.toBytes())));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "{}",
                "null",
                "[]",
                "\"text\"",
                "{\"operationType\":1}",
                "{\"operationType\":\"insert\"} {",
                "{\"operationType\":\"insert\",}",
                "{\"operationType\":\"in\u0001sert\"}",
                "{\"operationType\":\"\\ud800\"}",
                "{\"operationType\":\"\\x\"}",
                "{\"operationType\":\"insert\",\"a\":01}",
                "{\"operationType\":\"insert\",\"a\":1.}",
                "{\"operationType\":\"insert\",\"a\":1e}",
                "{\"operationType\":\"insert\",\"a\":1e999}",
                "{\"operationType\":\"insert\",\"a\":-}",
                "{\"operationType\":\"insert\",\"a\\u0000\":1}",
                "{\"operationType\":\"insert\",\"a\":{\"$oid\":\"12\"}}",
                "{\"operationType\":\"insert\",\"a\":{\"$date\":\"yesterday\"}}",
                "{\"operationType\":\"insert\",\"a\":{\"$date\":\"2023-02-29T00:00:00Z\"}}",
                "{\"operationType\":\"insert\",\"a\":{\"$numberLong\":\"9223372036854775808\"}}",
                "{\"operationType\":\"insert\",\"a\":{\"$numberInt\":\"2147483648\"}}",
                "{\"operationType\":\"insert\",\"a\":{\"$numberDecimal\":\"1E9999\"}}",
                "{\"operationType\":\"insert\",\"a\":{\"$cdc.raw\":\"AAAA\"}}",
                "{\"$cdc.raw\":{\"base64\":\"\",\"type\":\"0a\"}}",
                "{\"operationType\":\"insert\",\"fullDocument\":7}"
            })
    @DisplayName("4.4 what is not an event is refused with the byte")
    void refusesWhatIsNoEvent(String message) {
        assertThatThrownBy(() -> reader.read(message.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageStartingWith("Malformed message: ")
                .hasMessageContaining("at byte ");
    }
}
