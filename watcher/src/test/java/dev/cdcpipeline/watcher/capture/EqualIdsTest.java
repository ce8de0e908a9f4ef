package dev.cdcpipeline.watcher.capture;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.ErrorCategory;
import com.mongodb.MongoWriteException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;

import dev.cdcpipeline.embedded.mongo.TestMongo;
import dev.cdcpipeline.model.DocumentKey;
import dev.cdcpipeline.model.RawDocument;
import dev.cdcpipeline.testkit.Gen;
import dev.cdcpipeline.testkit.Property;

import org.bson.BsonArray;
import org.bson.BsonDecimal128;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonNull;
import org.bson.BsonString;
import org.bson.BsonSymbol;
import org.bson.BsonTimestamp;
import org.bson.BsonValue;
import org.bson.types.Decimal128;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.random.RandomGenerator;

/** Asks the server which ids are one, as its index decides what can be there twice. */
class EqualIdsTest {
    private static final int CASES = 300;

    @Test
    @DisplayName(
            "case W4, Property 14: two ids have one canonical key if the server refuses the second")
    void twoIdsHaveOneKeyIfTheServerRefusesTheSecond() {
        try (TestMongo mongo = TestMongo.start();
                MongoClient client = MongoClients.create(mongo.uri())) {
            MongoCollection<BsonDocument> ids =
                    client.getDatabase(mongo.newDatabase())
                            .getCollection("ids", BsonDocument.class);
            int[] refused = {0};
            Property.forAll(
                    CASES,
                    ((Gen<BsonValue>) random -> id(random, 2)).list(2, 2),
                    pair -> {
                        ids.deleteMany(new BsonDocument());
                        ids.insertOne(new BsonDocument("_id", pair.getFirst()));
                        boolean second = isTaken(ids, pair.getLast());
                        refused[0] += second ? 0 : 1;
                        assertThat(key(pair.getFirst()).equals(key(pair.getLast())))
                                .isEqualTo(!second);
                    });
            assertThat(refused[0]).isPositive();
        }
    }

    private static boolean isTaken(MongoCollection<BsonDocument> ids, BsonValue id) {
        try {
            ids.insertOne(new BsonDocument("_id", id));
            return true;
        } catch (MongoWriteException e) {
            assertThat(e.getError().getCategory()).isEqualTo(ErrorCategory.DUPLICATE_KEY);
            return false;
        }
    }

    private static DocumentKey key(BsonValue id) {
        return DocumentKey.of(RawDocument.of(new BsonDocument("_id", id))).canonical();
    }

    private static BsonValue id(RandomGenerator random, int depth) {
        return switch (random.nextInt(depth == 2 ? 8 : 9)) {
            case 0, 1, 2, 3 -> number(random);
            case 4 -> random.nextBoolean() ? new BsonString("a") : new BsonSymbol("a");
            case 5 -> random.nextBoolean() ? BsonNull.VALUE : new BsonTimestamp(1);
            case 8 -> new BsonArray(List.of(number(random)));
            default ->
                    depth == 0
                            ? number(random)
                            : new BsonDocument(
                                    random.nextInt(4) > 0 ? "a" : "b", id(random, depth - 1));
        };
    }

    private static BsonValue number(RandomGenerator random) {
        String[] values = {
            "0",
            "-0",
            "1",
            "0.5",
            "0.1",
            "9007199254740992",
            "9007199254740993",
            "9223372036854775808",
            "1E+22",
            "NaN",
            "Infinity"
        };
        String value = values[random.nextInt(values.length)];
        return switch (random.nextInt(4)) {
            case 0 -> new BsonDouble(Double.parseDouble(value));
            case 1 -> new BsonDecimal128(Decimal128.parse(value));
            case 2 -> new BsonInt64(random.nextBoolean() ? 1 : 9_007_199_254_740_993L);
            default -> new BsonInt32(random.nextInt(2));
        };
    }
}
