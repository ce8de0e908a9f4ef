package dev.cdcpipeline.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;

import dev.cdcpipeline.demo.ShopWrite.Target;
import dev.cdcpipeline.embedded.mongo.MongoReplicaSet;

import org.bson.Document;
import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.TreeMap;

class ShopWorkloadTest {

    @Test
    void leavesTheSameDocumentsAtAnyPace() throws InterruptedException {
        assertThat(documents(0, 3)).isEqualTo(documents(3_000, 3)).isNotEqualTo(documents(0, 4));
    }

    @Test
    void knowsWhatMongoDbHoldsAtTheEnd() throws InterruptedException {
        try (var server = MongoReplicaSet.start();
                MongoClient mongo = MongoClients.create(server.uri())) {
            var workload = new ShopWorkload(mongo, new ShopWorkload.Plan(2_000, 0, 5, 4));

            workload.run();

            assertThat(workload.written()).isEqualTo(2_000);
            for (Target target : Target.values()) {
                var content = workload.tally().content(target);
                assertThat(content)
                        .isEqualTo(content(mongo.getDatabase(ShopWorkload.DATABASE), target));
            }
        }
    }

    private static Map<String, Document> documents(double perSecond, long seed)
            throws InterruptedException {
        try (var server = MongoReplicaSet.start();
                MongoClient mongo = MongoClients.create(server.uri())) {
            new ShopWorkload(mongo, new ShopWorkload.Plan(2_000, perSecond, seed, 4)).run();
            Map<String, Document> documents = new TreeMap<>();
            for (Target target : Target.values()) {
                mongo.getDatabase(ShopWorkload.DATABASE)
                        .getCollection(ShopWorkload.collection(target))
                        .find()
                        .forEach(each -> documents.put(String.valueOf(each.get("_id")), each));
            }
            return documents;
        }
    }

    private static WriteTally.Content content(MongoDatabase database, Target target) {
        long documents = 0;
        long revisions = 0;
        for (Document each : database.getCollection(ShopWorkload.collection(target)).find()) {
            documents++;
            revisions += each.getInteger("revision");
        }
        return new WriteTally.Content(documents, revisions);
    }
}
