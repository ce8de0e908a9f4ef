package dev.cdcpipeline.embedded.mongo.contract;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoCursor;

import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.util.ArrayList;
import java.util.List;

/**
 * How fast 200,000 small documents are written and streamed. No test of the suite (its name says so
 * to Surefire); it runs with {@code ./mvnw -pl embedded -am test -Dtest=DrainRate
 * -Dsurefire.failIfNoSpecifiedTests=false} and prints its figures.
 */
@ExtendWith(MongoContract.class)
class DrainRate {

    private static final int DOCUMENTS = 200_000;
    private static final int BATCH = 1_000;

    @Test
    @SuppressWarnings("SystemOut") // figures for whoever started it
    void writesAndStreams(TestDatabase db) {
        MongoCollection<BsonDocument> items = db.collection("items");
        RawStream start = db.watch(db.stream("items").batchSize(0));
        BsonDocument token = start.postBatchResumeToken();
        for (int round = 1; round <= 3; round++) {
            long writing = System.nanoTime();
            for (int from = 0; from < DOCUMENTS; from += BATCH) {
                items.insertMany(documents(round, from));
            }
            double written = seconds(writing);
            long reading = System.nanoTime();
            int seen = 0;
            try (MongoCursor<RawBsonDocument> cursor =
                    items.watch()
                            .resumeAfter(token)
                            .batchSize(10_000)
                            .withDocumentClass(RawBsonDocument.class)
                            .iterator()) {
                while (seen < DOCUMENTS) {
                    token = cursor.next().getDocument("_id");
                    seen++;
                }
            }
            System.out.printf(
                    "round %d: %,d documents written in %.2f s (%,.0f/s), streamed in %.2f s (%,.0f/s)%n",
                    round,
                    DOCUMENTS,
                    written,
                    DOCUMENTS / written,
                    seconds(reading),
                    DOCUMENTS / seconds(reading));
        }
    }

    private static List<BsonDocument> documents(int round, int from) {
        List<BsonDocument> batch = new ArrayList<>(BATCH);
        for (int id = from; id < from + BATCH; id++) {
            batch.add(
                    new BsonDocument("_id", new BsonInt32(round * DOCUMENTS + id))
                            .append("name", new BsonString("document " + id))
                            .append("count", new BsonInt32(id)));
        }
        return batch;
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }
}
