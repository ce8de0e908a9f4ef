package dev.cdcpipeline.syncer.support;

import org.bson.BsonDecimal128;
import org.bson.BsonDouble;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.types.Decimal128;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The {@code _id} of a document of a {@link History}. Some are numbers, which MongoDB takes for one
 * {@code _id} whatever their type is, and which a replace may change.
 *
 * @param document the document's number: texts, an integer of four types, or a fraction of two
 * @param type which of the types its {@code _id} has
 */
public record DocumentId(int document, int type) {
    /** How many documents there are. */
    static final int COUNT = 6;

    private static final int TEXTS = 3;
    private static final int FRACTION = 5;

    /** One of its types by chance. */
    static DocumentId any(int document, RandomGenerator random) {
        return new DocumentId(document, random.nextInt(values(document).size()));
    }

    /** The row key of the document, whatever the type of its {@code _id}. */
    public static String rowKey(int document) {
        if (document < TEXTS) {
            return "key-" + document;
        }
        return document == FRACTION ? "$double:5.5" : Integer.toString(document);
    }

    /** As it is in MongoDB. */
    BsonValue value() {
        return values(document).get(type);
    }

    private static List<BsonValue> values(int document) {
        if (document < TEXTS) {
            return List.of(new BsonString("key-" + document));
        }
        if (document == FRACTION) {
            return List.of(new BsonDouble(5.5), decimal("5.50"));
        }
        return List.of(
                new BsonInt32(document),
                new BsonInt64(document),
                new BsonDouble(document),
                decimal(document + ".0"));
    }

    private static BsonValue decimal(String number) {
        return new BsonDecimal128(Decimal128.parse(number));
    }
}
