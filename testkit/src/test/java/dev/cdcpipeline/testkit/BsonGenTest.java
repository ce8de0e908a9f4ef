package dev.cdcpipeline.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonType;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.Test;

import java.util.EnumSet;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

class BsonGenTest {

    private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);

    @Test
    void makesValuesOfEveryType() {
        Set<BsonType> missing = EnumSet.allOf(BsonType.class);
        missing.remove(BsonType.END_OF_DOCUMENT);

        for (int i = 0; i < 5_000; i++) {
            missing.remove(BsonGen.values().next(random).getBsonType());
        }

        assertThat(missing).isEmpty();
    }

    @Test
    void makesDocumentsOverAHundredLevelsDeep() {
        int deepest = 0;
        for (int i = 0; i < 2_000; i++) {
            deepest = Math.max(deepest, depth(BsonGen.documents().next(random)));
        }

        assertThat(deepest).isGreaterThan(100);
    }

    @Test
    void makesDocumentsThatHaveARightLength() {
        for (int i = 0; i < 1_000; i++) {
            byte[] bytes = BsonGen.documentBytes().next(random);
            assertThat(new RawBsonDocument(bytes).getByteBuffer().getInt()).isEqualTo(bytes.length);
        }
    }

    @Test
    void makesEventsWithWhatMongoDbSends() {
        for (int i = 0; i < 1_000; i++) {
            RawBsonDocument event = new RawBsonDocument(BsonGen.eventBytes().next(random));
            assertThat(event.containsKey("_id")).isTrue();
            assertThat(event.getString("operationType").getValue()).isNotEmpty();
        }
    }

    private static int depth(BsonValue value) {
        return switch (value) {
            case BsonDocument document ->
                    1 + document.values().stream().mapToInt(BsonGenTest::depth).max().orElse(0);
            case BsonArray array -> 1 + array.stream().mapToInt(BsonGenTest::depth).max().orElse(0);
            default -> 0;
        };
    }
}
