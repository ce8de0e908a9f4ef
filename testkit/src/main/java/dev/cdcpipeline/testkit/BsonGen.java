package dev.cdcpipeline.testkit;

import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.BsonValue;

/** Generates BSON of every type, as bad as MongoDB lets it be. */
public final class BsonGen {

    private BsonGen() {}

    /** Values of every type. */
    public static Gen<BsonValue> values() {
        return Gen.oneOf(Gen.ints().map(BsonInt32::new), Gen.strings(20).map(BsonString::new));
    }

    /** Documents with fields of every type, nested. */
    public static Gen<BsonDocument> documents() {
        return random -> {
            BsonDocument document = new BsonDocument();
            int size = random.nextInt(8);
            for (int i = 0; i < size; i++) {
                document.append(Gen.words(8).next(random), values().next(random));
            }
            return document;
        };
    }
}
