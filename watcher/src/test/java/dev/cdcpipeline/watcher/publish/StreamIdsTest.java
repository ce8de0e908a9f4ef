package dev.cdcpipeline.watcher.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.model.wire.StreamId;
import dev.cdcpipeline.testkit.Gen;
import dev.cdcpipeline.testkit.Property;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;

class StreamIdsTest {
    private final StreamIds ids = new StreamIds("rs0\n+shop.*\n[]", new Random(1));

    @Test
    @DisplayName(
            "case W11: a stream is known as one's own whatever the topic, and not with another scope or pipeline")
    void knowsItsOwn() {
        StreamIds others = new StreamIds("rs0\n+shop.orders\n[]", new Random(1));
        Property.forAll(
                Gen.ints(1, 10_000),
                partitions -> {
                    StreamId named = StreamIds.in(partitions, ids.next());
                    assertThat(ids.isMine(named)).isTrue();
                    assertThat(others.isMine(named)).isFalse();
                });
    }

    @Test
    @DisplayName("case W3: where keys go to other partitions, a stream has another name")
    void isAnotherWhereKeysGoElsewhere() {
        StreamId stream = ids.next();
        Set<StreamId> names = new HashSet<>();
        for (int partitions = 1; partitions <= 1_000; partitions++) {
            names.add(StreamIds.in(partitions, stream));
        }
        assertThat(names).hasSize(1_000);
        assertThat(StreamIds.in(8, stream))
                .isEqualTo(StreamIds.in(8, stream))
                .isNotEqualTo(StreamIds.in(8, ids.next()));
    }
}
