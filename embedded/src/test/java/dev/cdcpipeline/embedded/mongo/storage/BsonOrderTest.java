package dev.cdcpipeline.embedded.mongo.storage;

import static org.assertj.core.api.Assertions.assertThat;

import de.bwaldvogel.mongo.bson.Decimal128;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.bson.MaxKey;
import de.bwaldvogel.mongo.bson.MinKey;
import de.bwaldvogel.mongo.bson.ObjectId;

import dev.cdcpipeline.testkit.Gen;
import dev.cdcpipeline.testkit.Property;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

@DisplayName("Comparison/Sort Order of BSON types")
class BsonOrderTest {

    private static final List<@Nullable Object> ASCENDING = ascending();

    private static List<@Nullable Object> ascending() {
        List<@Nullable Object> values = new ArrayList<>();
        Collections.<@Nullable Object>addAll(
                values,
                MinKey.getInstance(),
                null,
                Double.NaN,
                Double.NEGATIVE_INFINITY,
                Long.MIN_VALUE,
                -1,
                0,
                new Decimal128(new BigDecimal("0.5")),
                1L,
                1.5,
                (1L << 53) + 1,
                Double.POSITIVE_INFINITY,
                "",
                "a",
                "a\u0000",
                "\uFFFD",
                "\uD83D\uDE00",
                new Document(),
                new Document("a", 1),
                new Document("a", 2),
                List.of(),
                List.of(1),
                new ObjectId(new byte[12]),
                false,
                true,
                Instant.EPOCH,
                MaxKey.getInstance());
        return values;
    }

    @Test
    void ordersTypesAndThenValues() {
        Property.forAll(
                Gen.longs(0, Long.MAX_VALUE),
                seed -> {
                    List<@Nullable Object> values = new ArrayList<>(ASCENDING);
                    Collections.shuffle(values, new java.util.Random(seed));
                    values.sort(BsonOrder.INSTANCE);
                    assertThat(values).isEqualTo(ASCENDING);
                });
    }

    @Test
    void numbersAreEqualAcrossTheirTypesButNotIdentical() {
        assertThat(BsonOrder.INSTANCE.compare(1, 1L)).isZero();
        assertThat(BsonOrder.INSTANCE.compare(1.0, new Decimal128(BigDecimal.ONE))).isZero();
        assertThat(BsonOrder.identical(1, 1L)).isFalse();
        assertThat(BsonOrder.identical(0.0, -0.0)).isFalse();
        assertThat(BsonOrder.identical(List.of(1, "x"), new ArrayList<>(List.of(1, "x")))).isTrue();
    }
}
