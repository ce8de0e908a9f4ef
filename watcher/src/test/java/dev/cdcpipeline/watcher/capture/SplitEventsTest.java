package dev.cdcpipeline.watcher.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.model.RawDocument;
import dev.cdcpipeline.testkit.Gen;
import dev.cdcpipeline.testkit.Property;

import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class SplitEventsTest {
    private record Split(int fields, int fragments) {}

    @Test
    @DisplayName(
            "1.7: an event in fragments is put together again, with the token of its last fragment")
    void putsFragmentsTogether() {
        Gen<Split> gen =
                random -> new Split(Gen.ints(1, 20).next(random), Gen.ints(1, 6).next(random));
        Property.forAll(
                gen,
                split -> {
                    CountingListener listener = new CountingListener();
                    SplitEvents events = new SplitEvents(listener);
                    RawDocument whole = null;
                    List<BsonDocument> fragments = fragments(split);
                    for (BsonDocument fragment : fragments) {
                        assertThat(whole).isNull();
                        whole = events.add(RawDocument.of(fragment));
                        assertThat(events.incomplete()).isEqualTo(whole == null);
                    }
                    assertThat(listener.splitEvents).isEqualTo(1);
                    assertThat(whole).isNotNull();
                    assertThat(contents(whole)).containsExactlyInAnyOrderEntriesOf(expected(split));
                });
    }

    private static Map<String, BsonValue> contents(@Nullable RawDocument whole) {
        return whole == null ? Map.of() : whole.toBsonDocument();
    }

    private static BsonDocument expected(Split split) {
        BsonDocument expected = new BsonDocument("_id", token(split.fragments()));
        for (int i = 0; i < split.fields(); i++) {
            expected.append("field" + i, new BsonInt32(i));
        }
        return expected;
    }

    private static BsonDocument token(int fragment) {
        return new BsonDocument("_data", new BsonString("8" + fragment));
    }

    private static List<BsonDocument> fragments(Split split) {
        List<BsonDocument> fragments = new ArrayList<>();
        for (int f = 1; f <= split.fragments(); f++) {
            BsonDocument fragment = new BsonDocument("_id", token(f));
            fragment.append(
                    "splitEvent",
                    new BsonDocument("fragment", new BsonInt32(f))
                            .append("of", new BsonInt32(split.fragments())));
            for (int i = 0; i < split.fields(); i++) {
                if (i % split.fragments() == f - 1) {
                    fragment.append("field" + i, new BsonInt32(i));
                }
            }
            fragments.add(fragment);
        }
        return fragments;
    }
}
