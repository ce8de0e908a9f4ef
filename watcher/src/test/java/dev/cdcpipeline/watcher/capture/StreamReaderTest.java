package dev.cdcpipeline.watcher.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.mongodb.MongoCommandException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;

import dev.cdcpipeline.embedded.mongo.TestMongo;
import dev.cdcpipeline.model.ChangeEvent;
import dev.cdcpipeline.mongodb.MongoErrors;
import dev.cdcpipeline.platform.config.RetrySettings;
import dev.cdcpipeline.platform.failure.Classifier;
import dev.cdcpipeline.platform.failure.Reaction;
import dev.cdcpipeline.platform.retry.Retry;
import dev.cdcpipeline.platform.retry.RetryListener;

import org.bson.Document;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

@Timeout(120)
class StreamReaderTest {
    private static final TestMongo mongo = TestMongo.start();
    private static final MongoClient client = MongoClients.create(mongo.uri());
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String database = mongo.newDatabase();
    private final MongoCollection<Document> orders =
            client.getDatabase(database).getCollection("orders");
    private final StreamReader.Recovery recovery =
            new StreamReader.Recovery(
                    new Retry(
                            new RetrySettings(Duration.ofMillis(1), Duration.ofMillis(1), 1, 0, 1),
                            _ -> Reaction.STOP,
                            RetryListener.NONE),
                    new Classifier(new MongoErrors()));

    @AfterAll
    static void stop() {
        try (mongo;
                client) {
            // Closed in reverse order.
        }
    }

    private StreamReader reader(StartFrom start, CaptureListener listener) {
        return reader(database, start, listener);
    }

    private StreamReader reader(String database, StartFrom start, CaptureListener listener) {
        var definition =
                new StreamDefinition(
                        Scope.of(List.of(database + ".*"), List.of()),
                        PostImage.SERVER,
                        List.of(),
                        List.of(),
                        true,
                        false);
        var limits = new StreamReader.Limits(100, 1 << 20, 64 << 20, Duration.ofMillis(100));
        return new StreamReader(client, definition, start, limits, recovery, listener);
    }

    private static List<ChangeEvent> read(StreamReader reader, int count) throws Exception {
        List<ChangeEvent> events = new ArrayList<>();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (events.size() < count && System.nanoTime() < deadline) {
            EventBatch batch = reader.poll(Duration.ofMillis(100));
            if (batch != null) {
                events.addAll(batch.events());
            }
        }
        return events;
    }

    @Test
    @DisplayName(
            "case W9: after a split event whose document has shrunk since, the stream goes on with nothing left out")
    void resumesAfterASplitEventThatIsNoneAnyMore() throws Exception {
        assumeTrue(mongo.isEmbedded() || mongo.serverVersionNumber() >= 70000);
        orders.insertOne(new Document("_id", 1));
        var listener = new CountingListener();
        ChangeEvent large;
        try (StreamReader reader = reader(new StartFrom.Now(), listener)) {
            var _ = reader.start();
            assertThat(reader.poll(PATIENCE)).as("it is open").isNotNull();
            orders.updateOne(Filters.eq(1), Updates.set("half", "x".repeat(9 << 20)));
            large = read(reader, 1).getFirst();
        }
        assertThat(listener.splitEvents).isEqualTo(1);
        orders.updateOne(Filters.eq(1), Updates.unset("half"));
        orders.insertOne(new Document("_id", 2));

        var after = new StartFrom.After(large.resumeToken());
        try (StreamReader reader = reader(after, new CountingListener())) {
            var _ = reader.start();
            List<ChangeEvent> events = read(reader, 3);
            assertThat(events)
                    .extracting(ChangeEvent::operationName)
                    .containsSubsequence("update", "insert");
        }
    }

    @Test
    @DisplayName("I5: a token that the history does not have still ends the stream (280, or 286)")
    void doesNotGoOnAfterATokenThatIsNotThere() throws Exception {
        String other = mongo.newDatabase();
        ChangeEvent foreign;
        try (StreamReader reader = reader(other, new StartFrom.Now(), new CountingListener())) {
            var _ = reader.start();
            assertThat(reader.poll(PATIENCE)).as("it is open").isNotNull();
            client.getDatabase(other).getCollection("orders").insertOne(new Document("_id", 1));
            foreign = read(reader, 1).getFirst();
        }
        orders.insertOne(new Document("_id", 2));

        var after = new StartFrom.After(foreign.resumeToken());
        try (StreamReader reader = reader(after, new CountingListener())) {
            var _ = reader.start();
            assertThatThrownBy(() -> read(reader, 1))
                    .isInstanceOfSatisfying(
                            MongoCommandException.class,
                            e -> assertThat(e.getErrorCode()).isIn(280, 286));
        }
    }

    @Test
    @DisplayName("case W9: a reader that dies of an Error throws it to the one who polls")
    void anErrorOfTheReaderReachesThePublisher() {
        var error = new StackOverflowError();
        CaptureListener dying =
                new CountingListener() {
                    @Override
                    public void received(int events, int bytes) {
                        throw error;
                    }
                };
        try (StreamReader reader = reader(new StartFrom.Now(), dying)) {
            var _ = reader.start();
            assertThatThrownBy(() -> read(reader, 1)).isSameAs(error);
        }
    }

    @Test
    @DisplayName("case W9: so does a look-up")
    void anErrorOfTheLookUpReachesThePublisher() {
        var error = new StackOverflowError();
        EventSource dying =
                new EventSource() {
                    @Override
                    public @Nullable EventBatch poll(Duration timeout) {
                        throw error;
                    }

                    @Override
                    public void close() {}
                };
        var definition =
                new StreamDefinition(
                        Scope.of(List.of(database + ".*"), List.of()),
                        PostImage.BATCHED,
                        List.of(),
                        List.of(),
                        false,
                        false);
        try (LookUpStage stage =
                new LookUpStage(
                        dying, client, definition, recovery, 1 << 20, new CountingListener())) {
            var _ = stage.start();
            assertThatThrownBy(
                            () -> {
                                while (stage.poll(PATIENCE) == null) {
                                    // It is not dead yet.
                                }
                            })
                    .isSameAs(error);
        }
    }
}
