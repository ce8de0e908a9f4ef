package dev.cdcpipeline.watcher.app;

import static org.awaitility.Awaitility.await;

import com.mongodb.MongoException;
import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.DeleteOneModel;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.InsertOneModel;
import com.mongodb.client.model.ReplaceOneModel;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.Updates;
import com.mongodb.client.model.WriteModel;

import dev.cdcpipeline.model.OperationType;

import org.bson.Document;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes a history to documents that nobody else touches, and knows what it has written. */
final class HistoryRun {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Servers servers;
    private final String database;
    private final String name;
    private final Map<String, DocumentHistory> documents = new LinkedHashMap<>();
    private int number;

    private record Single(String collection, WriteModel<Document> model) {}

    /**
     * A run.
     *
     * @param name what the ids of its documents begin with
     */
    HistoryRun(Servers servers, String database, String name) {
        this.servers = servers;
        this.database = database;
        this.name = name;
    }

    /** Each document's history, by collection and id, as {@link TopicTail} names them. */
    Map<String, DocumentHistory> documents() {
        return documents;
    }

    void write(History.Write write) {
        String first = write.changes().getFirst().collection();
        boolean bulk = write.how() == History.How.BULK;
        List<Single> writes = new ArrayList<>();
        for (History.Change change : write.changes()) {
            String collection = bulk ? first : change.collection();
            writes.add(single(change.kind(), collection, name + "-" + change.document()));
        }
        switch (write.how()) {
            case ALONE -> writes.forEach(each -> untilDone(() -> send(List.of(each))));
            case BULK -> untilDone(() -> send(writes));
            case TRANSACTION -> untilDone(() -> transaction(writes));
        }
    }

    /** Notes a change as it will be in the stream, and says how to write it. */
    private Single single(History.Kind kind, String collection, String id) {
        DocumentHistory history =
                documents.computeIfAbsent(
                        TopicTail.name(collection, id), key -> new DocumentHistory());
        int n = ++number;
        Document document = new Document("_id", id).append("n", n);
        if (!history.exists()) {
            history.add(OperationType.INSERT, n);
            return new Single(collection, new InsertOneModel<>(document));
        }
        return switch (kind) {
            case INSERT, UPDATE -> {
                history.add(OperationType.UPDATE, n);
                yield new Single(
                        collection, new UpdateOneModel<>(Filters.eq(id), Updates.set("n", n)));
            }
            case REPLACE -> {
                history.add(OperationType.REPLACE, n);
                yield new Single(collection, new ReplaceOneModel<>(Filters.eq(id), document));
            }
            case DELETE -> {
                history.add(OperationType.DELETE, n);
                yield new Single(collection, new DeleteOneModel<>(Filters.eq(id)));
            }
        };
    }

    private MongoCollection<Document> collection(String collection) {
        return servers.collection(database, collection);
    }

    private void send(List<Single> writes) {
        var _ =
                collection(writes.getFirst().collection())
                        .bulkWrite(writes.stream().map(Single::model).toList());
    }

    /** Breaks happen between writes only, so that a write that fails was not done. */
    private static void untilDone(Runnable write) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(10))
                .pollDelay(Duration.ZERO)
                .ignoreExceptionsInstanceOf(MongoException.class)
                .until(
                        () -> {
                            write.run();
                            return true;
                        });
    }

    private void transaction(List<Single> writes) {
        try (ClientSession session = servers.client.startSession()) {
            var _ =
                    session.withTransaction(
                            () -> {
                                for (Single each : writes) {
                                    var _ =
                                            collection(each.collection())
                                                    .bulkWrite(session, List.of(each.model()));
                                }
                                return "";
                            });
        }
    }
}
