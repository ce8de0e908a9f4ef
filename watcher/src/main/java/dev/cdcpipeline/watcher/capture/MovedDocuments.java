package dev.cdcpipeline.watcher.capture;

import com.mongodb.client.MongoCluster;
import com.mongodb.client.MongoDatabase;

import dev.cdcpipeline.model.BsonCursor;
import dev.cdcpipeline.model.ChangeEvent;
import dev.cdcpipeline.model.DocumentKey;
import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.model.OperationType;
import dev.cdcpipeline.model.RawDocument;

import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonTimestamp;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Leaves out the deletes that are none. Where a new shard key value takes a document to another
 * shard, the server deletes it there and inserts it here, each with its own shard's time: the
 * delete may come after the insert, also with the very same time, and would take the row with it.
 *
 * <p>So a delete that may be one half of that is looked up, by {@code _id} and after the last event
 * of the batch: if the document is there, under whatever shard key, it has moved, or came anew, and
 * its insert is in the stream. With a cluster time a look-up waits for what other shards have only
 * prepared. What is deleted after the look-up has another delete to come.
 *
 * <p>Such a delete has more than {@code _id} in its key, or is part of a transaction; its key has
 * {@code _id} alone where the document had no shard key value. All others cost nothing. Used by one
 * thread at a time.
 */
final class MovedDocuments {
    private static final int MAX_KEYS = 5000;
    private static final int MAX_BYTES = 4 << 20;

    private final MongoCluster client;
    private final CaptureListener listener;

    private record Target(Namespace namespace, DocumentKey key) {
        /** By the canonical key, as the {@code _id} may come back in another numeric type. */
        static Target of(Namespace namespace, DocumentKey key) {
            return new Target(namespace, key.canonical());
        }
    }

    MovedDocuments(MongoCluster client, CaptureListener listener) {
        this.client = client;
        this.listener = listener;
    }

    /** The events without the deletes of documents that live on; the very same list if none is. */
    List<ChangeEvent> leaveOut(List<ChangeEvent> events) {
        Map<Namespace, Set<DocumentKey>> suspects = suspects(events);
        if (suspects.isEmpty()) {
            return events;
        }
        Set<Target> alive = new HashSet<>();
        BsonTimestamp time = events.getLast().clusterTime();
        suspects.forEach((namespace, keys) -> find(namespace, keys, time, alive));
        if (alive.isEmpty()) {
            return events;
        }
        List<ChangeEvent> left = new ArrayList<>(events.size());
        for (ChangeEvent event : events) {
            if (isSuspect(event) && alive.contains(target(event))) {
                listener.movedDocument();
            } else {
                left.add(event);
            }
        }
        return left;
    }

    private static Map<Namespace, Set<DocumentKey>> suspects(List<ChangeEvent> events) {
        Map<Namespace, Set<DocumentKey>> suspects = new LinkedHashMap<>();
        for (ChangeEvent event : events) {
            if (isSuspect(event)) {
                Target target = target(event);
                suspects.computeIfAbsent(target.namespace(), _ -> new LinkedHashSet<>())
                        .add(target.key());
            }
        }
        return suspects;
    }

    private static boolean isSuspect(ChangeEvent event) {
        if (event.operationType() != OperationType.DELETE || event.ns() == null) {
            return false;
        }
        RawDocument key = event.document().document("documentKey");
        return key != null && (event.txnNumber() != null || hasMoreThanOneField(key));
    }

    private static boolean hasMoreThanOneField(RawDocument key) {
        int fields = 0;
        for (BsonCursor field = key.cursor(); fields < 2 && field.next(); ) {
            fields++;
        }
        return fields > 1;
    }

    private static Target target(ChangeEvent event) {
        return Target.of(
                Objects.requireNonNull(event.namespace()),
                Objects.requireNonNull(event.documentKey()));
    }

    private void find(
            Namespace namespace,
            Set<DocumentKey> keys,
            @Nullable BsonTimestamp time,
            Set<Target> alive) {
        Set<DocumentKey> portion = new LinkedHashSet<>();
        int bytes = 0;
        for (DocumentKey key : keys) {
            if (portion.size() == MAX_KEYS || bytes > MAX_BYTES) {
                findPortion(namespace, portion, time, alive);
                portion.clear();
                bytes = 0;
            }
            portion.add(key);
            bytes += key.document().length();
        }
        findPortion(namespace, portion, time, alive);
    }

    private void findPortion(
            Namespace namespace,
            Set<DocumentKey> keys,
            @Nullable BsonTimestamp time,
            Set<Target> alive) {
        MongoDatabase database = CursorReply.readable(client.getDatabase(namespace.database()));
        CursorReply reply = run(database, command(namespace, keys, time));
        add(reply, namespace, alive);
        while (reply.cursorId() != 0) { // The same _id is on several shards.
            reply =
                    run(
                            database,
                            new BsonDocument("getMore", new BsonInt64(reply.cursorId()))
                                    .append("collection", new BsonString(namespace.collection())));
            add(reply, namespace, alive);
        }
    }

    private static CursorReply run(MongoDatabase database, BsonDocument command) {
        return database.runCommand(command, database.getReadPreference(), CursorReply.class);
    }

    private static void add(CursorReply reply, Namespace namespace, Set<Target> alive) {
        reply.documents().forEach(each -> alive.add(Target.of(namespace, DocumentKey.of(each))));
    }

    private static BsonDocument command(
            Namespace namespace, Set<DocumentKey> keys, @Nullable BsonTimestamp time) {
        BsonArray ids = new BsonArray(keys.size());
        keys.forEach(key -> ids.add(key.id()));
        BsonDocument concern = new BsonDocument("level", new BsonString("majority"));
        if (time != null) {
            concern.append("afterClusterTime", time);
        }
        return new BsonDocument("find", new BsonString(namespace.collection()))
                .append("filter", new BsonDocument("_id", new BsonDocument("$in", ids)))
                .append("projection", new BsonDocument("_id", new BsonInt32(1)))
                .append("batchSize", new BsonInt32(keys.size() + 1))
                .append("readConcern", concern);
    }
}
