package dev.cdcpipeline.embedded.mongo;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoChangeStreamCursor;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import com.mongodb.client.model.changestream.ChangeStreamDocument;
import com.mongodb.client.model.changestream.FullDocument;
import com.mongodb.client.model.changestream.OperationType;

import org.bson.BsonDocument;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.ArrayList;
import java.util.List;

class MongoReplicaSetTest {

    @ParameterizedTest
    @EnumSource(ServerVersion.class)
    void servesTheOfficialDriver(ServerVersion version) {
        try (MongoReplicaSet mongo = MongoReplicaSet.builder().version(version).start();
                MongoClient client = MongoClients.create(mongo.uri());
                MongoClient direct = MongoClients.create(mongo.directUri())) {
            MongoCollection<Document> items = client.getDatabase("shop").getCollection("items");
            items.insertOne(new Document("_id", 1).append("a", 1));
            items.updateOne(Filters.eq(1), Updates.set("a", 2));

            assertThat(direct.getDatabase("shop").getCollection("items").find())
                    .containsExactly(new Document("_id", 1).append("a", 2));
        }
    }

    @Test
    void streamsWhatWasWrittenAndResumes() {
        try (MongoReplicaSet mongo = MongoReplicaSet.start();
                MongoClient client = MongoClients.create(mongo.uri())) {
            MongoCollection<Document> items = client.getDatabase("shop").getCollection("items");
            List<OperationType> seen = new ArrayList<>();
            BsonDocument token;
            try (MongoChangeStreamCursor<ChangeStreamDocument<Document>> stream =
                    items.watch().fullDocument(FullDocument.UPDATE_LOOKUP).cursor()) {
                items.insertOne(new Document("_id", 1));
                items.updateOne(Filters.eq(1), Updates.set("a.b", 2));
                items.replaceOne(Filters.eq(1), new Document("c", 3));
                items.deleteOne(Filters.eq(1));
                token = stream.next().getResumeToken();
                for (int i = 0; i < 3; i++) {
                    seen.add(stream.next().getOperationType());
                }
            }
            List<OperationType> again = new ArrayList<>();
            try (MongoChangeStreamCursor<ChangeStreamDocument<Document>> stream =
                    client.getDatabase("shop").watch().resumeAfter(token).cursor()) {
                for (int i = 0; i < 3; i++) {
                    again.add(stream.next().getOperationType());
                }
            }

            assertThat(seen)
                    .containsExactly(
                            OperationType.UPDATE, OperationType.REPLACE, OperationType.DELETE);
            assertThat(again).isEqualTo(seen);
        }
    }
}
