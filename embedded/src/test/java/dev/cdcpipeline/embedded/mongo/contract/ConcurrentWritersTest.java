package dev.cdcpipeline.embedded.mongo.contract;

import static dev.cdcpipeline.embedded.mongo.contract.Bson.doc;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.MongoException;

import dev.cdcpipeline.testkit.Gen;
import dev.cdcpipeline.testkit.Property;

import org.bson.BsonDocument;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/**
 * What a stream of several writers is worth: one total order, in which every document's events are
 * in the order of its changes.
 *
 * <p>Rests on the MongoDB manual, "Change Streams" (total order of the events; "Change streams only
 * notify on data changes that have persisted to a majority") and "Change Events", section "update
 * Event".
 */
@ExtendWith(MongoContract.class)
@DisplayName("Change Streams, total order of changes")
class ConcurrentWritersTest {

    private static final int WRITERS = 3;

    /** Commands on one small set of documents; {@code %s} stands for the collection. */
    private static final Gen<String> COMMANDS =
            random -> {
                int id = random.nextInt(4);
                int n = random.nextInt(100);
                return switch (random.nextInt(14)) {
                    case 0, 1 -> insert(id, n, random);
                    case 2 -> update(id, "{$set: {a: %d, 'n.x': %d}}".formatted(n, n));
                    case 3 -> update(id, "{$set: {'n.y.z': %d}}".formatted(n));
                    case 4 -> update(id, "{$inc: {c: 1}}");
                    case 5 -> update(id, "{$push: {tags: %d}}".formatted(n));
                    case 6 -> update(id, "{$pull: {tags: {$lt: %d}}}".formatted(n));
                    case 7 -> update(id, "{$unset: {a: '', 'n.x': ''}}");
                    case 8 -> update(id, "{r: %d, tags: [%d]}".formatted(n, n));
                    case 9 -> update(id, "[{$set: {p: %d, tags: [%d]}}]".formatted(n, n));
                    case 10 -> updateMany("{$set: {m: %d}}".formatted(n));
                    case 11 -> upsert(id, "{$set: {u: %d}, $push: {tags: %d}}".formatted(n, n));
                    case 12 ->
                            "{findAndModify: '%1$s', query: {_id: "
                                    + id
                                    + "}, update: {$set: {f: "
                                    + n
                                    + "}}}";
                    default -> "{delete: '%1$s', deletes: [{q: {_id: " + id + "}, limit: 1}]}";
                };
            };

    private static String insert(int id, int n, RandomGenerator random) {
        return "{insert: '%1$s', documents: [{_id: "
                + id
                + ", a: "
                + n
                + ", n: {x: 1}, tags: ["
                + random.nextInt(9)
                + "]}]}";
    }

    private static String update(int id, String update) {
        return "{update: '%1$s', updates: [{q: {_id: " + id + "}, u: " + update + "}]}";
    }

    private static String upsert(int id, String update) {
        return "{update: '%1$s', updates: [{q: {_id: "
                + id
                + "}, upsert: true, u: "
                + update
                + "}]}";
    }

    private static String updateMany(String update) {
        return "{update: '%1$s', updates: [{q: {}, multi: true, u: " + update + "}]}";
    }

    @Test
    @DisplayName("the events of concurrent writers, applied in order, yield the final collection")
    void theEventsYieldTheFinalCollection(TestDatabase db) {
        AtomicInteger histories = new AtomicInteger();
        RawStream database = db.watch(db.databaseStream());
        List<BsonDocument> all = new ArrayList<>();
        Property.forAll(
                COMMANDS.list(8, 8).list(WRITERS, WRITERS),
                history -> {
                    String collection = "h" + histories.incrementAndGet();
                    RawStream stream = db.watch(collection);
                    write(db, collection, history);
                    List<BsonDocument> events = db.drain(stream);

                    assertThat(Tokens.ofEvents(events)).isSorted().doesNotHaveDuplicates();
                    assertThat(new Materialized().apply(events).documents())
                            .isEqualTo(Materialized.byId(db.collection(collection).find()));
                    all.addAll(events);
                });

        assertThat(histories).hasValueGreaterThanOrEqualTo(1);
        assertThat(db.drain(database)).isEqualTo(all);
    }

    private static void write(TestDatabase db, String collection, List<List<String>> history)
            throws Exception {
        try (ExecutorService writers = Executors.newFixedThreadPool(WRITERS)) {
            List<Future<?>> running = new ArrayList<>();
            for (List<String> commands : history) {
                running.add(
                        writers.submit(
                                () ->
                                        commands.forEach(
                                                command -> send(db, doc(command, collection)))));
            }
            for (Future<?> writer : running) {
                writer.get();
            }
        }
    }

    /** Duplicate keys and updates of a type that does not fit are part of the game. */
    private static void send(TestDatabase db, BsonDocument command) {
        try {
            db.run(command);
        } catch (MongoException refused) {
            assertThat(refused.getCode()).isIn(11000, 2, 28);
        }
    }

    @Test
    @DisplayName("all streams see the events of all collections in one order")
    void allStreamsSeeOneOrder(TestDatabase db) throws Exception {
        RawStream first = db.watch(db.databaseStream());
        RawStream second = db.watch(db.clusterStream());
        try (ExecutorService writers = Executors.newFixedThreadPool(WRITERS)) {
            List<Future<?>> running = new ArrayList<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                String collection = "c" + writer;
                running.add(
                        writers.submit(
                                () -> {
                                    for (int id = 0; id < 100; id++) {
                                        db.collection(collection).insertOne(doc("{_id: %d}", id));
                                    }
                                }));
            }
            for (Future<?> writer : running) {
                writer.get();
            }
        }
        List<BsonDocument> events = db.drain(first);
        assertThat(events).hasSize(WRITERS * 100);
        assertThat(Tokens.ofEvents(events)).isSorted().doesNotHaveDuplicates();
        assertThat(db.drain(second)).isEqualTo(events);
        for (int writer = 0; writer < WRITERS; writer++) {
            String collection = "c" + writer;
            assertThat(events)
                    .filteredOn(
                            event ->
                                    event.getDocument("ns")
                                            .getString("coll")
                                            .getValue()
                                            .equals(collection))
                    .extracting(
                            event -> event.getDocument("documentKey").getInt32("_id").getValue())
                    .isSorted()
                    .hasSize(100);
        }
    }
}
