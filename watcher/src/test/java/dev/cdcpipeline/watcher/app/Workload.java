package dev.cdcpipeline.watcher.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.MongoException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.ReplaceOptions;

import dev.cdcpipeline.model.ChangeEvent;
import dev.cdcpipeline.model.DocumentKey;
import dev.cdcpipeline.model.OperationType;

import org.bson.Document;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Writes to a collection without pause, and knows the history of each document: the numbers written
 * to it, in order. A write whose outcome is not known is repeated with the same number, so that
 * numbers may repeat but never go back.
 */
final class Workload implements AutoCloseable {
    private static final int DOCUMENTS = 40;
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final MongoCollection<Document> collection;
    private final Map<Integer, List<Integer>> histories = new TreeMap<>();
    private final AtomicInteger writes = new AtomicInteger();
    private final long pauseNanos;
    private final Thread thread;
    private volatile boolean stopped;

    private Workload(MongoCollection<Document> collection, long pauseNanos) {
        this.collection = collection;
        this.pauseNanos = pauseNanos;
        this.thread = Thread.ofPlatform().name("workload").daemon().start(this::write);
    }

    static Workload start(MongoCollection<Document> collection) {
        return new Workload(collection, 0);
    }

    /** Writes no more than this often. */
    static Workload start(MongoCollection<Document> collection, int perSecond) {
        return new Workload(collection, Duration.ofSeconds(1).toNanos() / perSecond);
    }

    private void write() {
        Random random = new Random(7);
        while (!stopped) {
            int id = random.nextInt(DOCUMENTS);
            int number = writes.get() + 1;
            if (writeUntilDone(id, number)) {
                histories.computeIfAbsent(id, key -> new ArrayList<>()).add(number);
                writes.incrementAndGet();
                LockSupport.parkNanos(pauseNanos);
            }
        }
    }

    private boolean writeUntilDone(int id, int number) {
        while (true) {
            try {
                var _ =
                        collection.replaceOne(
                                Filters.eq(id),
                                new Document("number", number),
                                new ReplaceOptions().upsert(true));
                return true;
            } catch (MongoException e) {
                if (stopped) {
                    return false;
                }
            }
        }
    }

    void awaitWrites(int count) {
        await().atMost(PATIENCE).until(() -> writes.get() >= count);
    }

    void stop() {
        stopped = true;
        await().atMost(PATIENCE).until(() -> !thread.isAlive());
    }

    /**
     * Each document's history is there, in order; what is there again is a repetition of what was
     * before.
     */
    void assertNothingLost(List<Topic.Published> records) {
        Map<Integer, List<Integer>> seen = new HashMap<>();
        for (Topic.Published record : records) {
            List<Integer> history =
                    seen.computeIfAbsent(id(record.event()), key -> new ArrayList<>());
            int number = number(record.event());
            if (history.isEmpty() || number > history.getLast()) {
                history.add(number);
            } else {
                assertThat(history)
                        .as("a record out of order that is no repetition")
                        .contains(number);
            }
        }
        assertThat(seen).isEqualTo(histories);
    }

    /** No event is there twice. */
    void assertOnce(List<Topic.Published> records) {
        assertThat(records)
                .extracting(record -> record.event().resumeToken())
                .doesNotHaveDuplicates();
    }

    private static int id(ChangeEvent event) {
        DocumentKey key = Objects.requireNonNull(event.documentKey());
        return key.id().asNumber().intValue();
    }

    private static int number(ChangeEvent event) {
        assertThat(event.operationType()).isIn(OperationType.INSERT, OperationType.REPLACE);
        return Objects.requireNonNull(Objects.requireNonNull(event.fullDocument()).get("number"))
                .asNumber()
                .intValue();
    }

    @Override
    public void close() {
        stop();
    }
}
