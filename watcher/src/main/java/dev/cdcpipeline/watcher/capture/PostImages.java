package dev.cdcpipeline.watcher.capture;

import com.mongodb.MongoException;
import com.mongodb.ReadPreference;
import com.mongodb.client.MongoCluster;
import com.mongodb.client.MongoDatabase;

import dev.cdcpipeline.model.BsonBytes;
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

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Looks up the documents of update events, a batch at a time: one {@code find} for each collection,
 * each document once, after the cluster time of the batch's last event and from what the majority
 * has. That means what the server's {@code updateLookup} means: the document as of some moment
 * after the event, nothing if it is gone by then.
 *
 * <p>Memory is bounded (I7): one reply has at most 16 MB, and after one that was cut off there, the
 * events whose documents were not in it are left for the next turn. Each event gets a copy of its
 * document, however many there are for one document; what would make more than 16 MB of them in a
 * turn is left for the next one too.
 *
 * <p>Documents of a sharded collection are found by {@code _id} alone, which MongoDB asks
 * applications to keep unique. Used by one thread at a time.
 */
final class PostImages {
    private static final int MAX_KEYS = 5000;
    private static final int KILL_SECONDS = 5;
    private static final long TARGET_BYTES = 4L << 20;
    private static final int MAX_REPLY_BYTES = 16 << 20;
    private static final long MAX_TURN_BYTES = 16L << 20;
    private static final byte[] FIELD = "\3fullDocument\0".getBytes(StandardCharsets.US_ASCII);

    private final MongoCluster client;
    private final BsonDocument projection;
    private final CaptureListener listener;
    private final BatchSize keysAtATime = new BatchSize(MAX_KEYS, TARGET_BYTES);

    /**
     * What one turn has done.
     *
     * @param done events with their documents, in order, without updates whose document is gone
     * @param rest events for the next turn, in order
     */
    record Turn(List<ChangeEvent> done, List<ChangeEvent> rest) {}

    /**
     * A document that is looked for.
     *
     * @param key the canonical one, as a document's {@code _id} may come back in another type: a
     *     replace with another number type has the old one in its event's key
     */
    private record Target(Namespace namespace, DocumentKey key) {
        static Target of(Namespace namespace, DocumentKey key) {
            return new Target(namespace, key.canonical());
        }
    }

    PostImages(MongoCluster client, BsonDocument projection, CaptureListener listener) {
        this.client = client;
        this.projection = projection;
        this.listener = listener;
    }

    /**
     * Looks up as many documents of these events as fit into one turn, at least that of the first
     * update.
     */
    Turn complete(List<ChangeEvent> events) {
        for (int limit = keysAtATime.next(); ; limit = Math.max(1, limit / 2)) {
            Map<Target, @Nullable RawDocument> found = look(events, limit);
            Turn turn = cut(events, found);
            if (turn.done().size() + turn.rest().size() == 0
                    || turn.rest().size() < events.size()) {
                return turn;
            }
        }
    }

    /**
     * Documents by what was looked for; null for those that are gone, no entry for those that were
     * not looked for.
     */
    private Map<Target, @Nullable RawDocument> look(List<ChangeEvent> events, int limit) {
        Map<Namespace, Set<DocumentKey>> wanted = wanted(events, limit);
        Map<Target, @Nullable RawDocument> found = new HashMap<>();
        BsonTimestamp time = lastTime(events);
        int bytes = 0;
        for (Map.Entry<Namespace, Set<DocumentKey>> each : wanted.entrySet()) {
            if (bytes < MAX_REPLY_BYTES) {
                bytes += find(each.getKey(), each.getValue(), time, found);
            }
        }
        return found;
    }

    private static Map<Namespace, Set<DocumentKey>> wanted(List<ChangeEvent> events, int limit) {
        Map<Namespace, Set<DocumentKey>> wanted = new LinkedHashMap<>();
        int keys = 0;
        for (ChangeEvent event : events) {
            Target target = target(event);
            if (target != null
                    && keys < limit
                    && wanted.computeIfAbsent(target.namespace(), n -> new LinkedHashSet<>())
                            .add(target.key())) {
                keys++;
            }
        }
        return wanted;
    }

    private static @Nullable BsonTimestamp lastTime(List<ChangeEvent> events) {
        return events.isEmpty() ? null : events.getLast().clusterTime();
    }

    /** Adds what one collection has, and says how many bytes came. */
    private int find(
            Namespace namespace,
            Set<DocumentKey> keys,
            @Nullable BsonTimestamp time,
            Map<Target, @Nullable RawDocument> found) {
        MongoDatabase database = CursorReply.readable(client.getDatabase(namespace.database()));
        CursorReply reply = ask(database, namespace, command(namespace, keys, time));
        for (RawDocument document : reply.documents()) {
            found.put(Target.of(namespace, DocumentKey.of(document)), document);
        }
        keysAtATime.observe(reply.documents().size(), reply.bytes());
        if (reply.cursorId() == 0) {
            keys.forEach(key -> found.putIfAbsent(new Target(namespace, key), null));
        } else {
            kill(database, namespace, reply.cursorId(), database.getReadPreference());
        }
        return reply.bytes();
    }

    private CursorReply ask(MongoDatabase database, Namespace namespace, BsonDocument command) {
        listener.lookingUp(namespace);
        try {
            return database.runCommand(command, database.getReadPreference(), CursorReply.class);
        } finally {
            listener.lookedUp();
        }
    }

    /** One more than there are keys, so that a reply with all of them ends the cursor. */
    private BsonDocument command(
            Namespace namespace, Set<DocumentKey> keys, @Nullable BsonTimestamp time) {
        BsonArray ids = new BsonArray(keys.size());
        keys.forEach(key -> ids.add(key.id()));
        BsonDocument concern = new BsonDocument("level", new BsonString("majority"));
        if (time != null) {
            concern.append("afterClusterTime", time);
        }
        BsonDocument command =
                new BsonDocument("find", new BsonString(namespace.collection()))
                        .append("filter", new BsonDocument("_id", new BsonDocument("$in", ids)))
                        .append("batchSize", new BsonInt32(keys.size() + 1))
                        .append("readConcern", concern);
        return projection.isEmpty() ? command : command.append("projection", projection);
    }

    private static void kill(
            MongoDatabase database, Namespace namespace, long cursor, ReadPreference where) {
        try {
            var _ =
                    database.withTimeout(KILL_SECONDS, TimeUnit.SECONDS)
                            .runCommand(
                                    new BsonDocument(
                                                    "killCursors",
                                                    new BsonString(namespace.collection()))
                                            .append(
                                                    "cursors",
                                                    new BsonArray(List.of(new BsonInt64(cursor)))),
                                    where);
        } catch (MongoException unanswered) {
            // The documents are here; the server drops the cursor by itself after a while.
        }
    }

    /**
     * Completes events up to the first one whose document was not looked for, or for which there is
     * no room; there is always room for one.
     */
    private Turn cut(List<ChangeEvent> events, Map<Target, @Nullable RawDocument> found) {
        List<ChangeEvent> done = new ArrayList<>(events.size());
        long made = 0;
        for (int i = 0; i < events.size(); i++) {
            ChangeEvent event = events.get(i);
            Target target = target(event);
            if (target == null) {
                done.add(event);
                continue;
            }
            RawDocument image = found.get(target);
            long bytes = image == null ? 0 : completedBytes(event.document(), image);
            boolean full = made > 0 && made + bytes > MAX_TURN_BYTES;
            if (full || !found.containsKey(target)) {
                return new Turn(done, events.subList(i, events.size()));
            }
            if (image == null) {
                listener.nullLookUp();
            } else {
                done.add(ChangeEvent.of(append(event.document(), image)));
                made += bytes;
            }
        }
        return new Turn(done, List.of());
    }

    private static @Nullable Target target(ChangeEvent event) {
        if (event.operationType() != OperationType.UPDATE || event.fullDocument() != null) {
            return null;
        }
        Namespace namespace = event.namespace();
        DocumentKey key = event.documentKey();
        return namespace == null || key == null ? null : Target.of(namespace, key);
    }

    private static int completedBytes(RawDocument event, RawDocument image) {
        return event.length() + FIELD.length + image.length();
    }

    /** The event with the document as its last field {@code fullDocument}. */
    private static RawDocument append(RawDocument event, RawDocument image) {
        int fields = event.length() - 1;
        byte[] whole = new byte[completedBytes(event, image)];
        System.arraycopy(event.array(), event.offset(), whole, 0, fields);
        System.arraycopy(FIELD, 0, whole, fields, FIELD.length);
        System.arraycopy(
                image.array(), image.offset(), whole, fields + FIELD.length, image.length());
        BsonBytes.putInt32(whole, 0, whole.length);
        return RawDocument.wrap(whole);
    }
}
