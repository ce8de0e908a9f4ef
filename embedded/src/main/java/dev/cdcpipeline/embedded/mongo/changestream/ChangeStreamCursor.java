package dev.cdcpipeline.embedded.mongo.changestream;

import de.bwaldvogel.mongo.bson.BsonTimestamp;
import de.bwaldvogel.mongo.bson.Document;

import dev.cdcpipeline.embedded.mongo.cursor.Batch;
import dev.cdcpipeline.embedded.mongo.cursor.ServerCursor;
import dev.cdcpipeline.embedded.mongo.oplog.Oplog;
import dev.cdcpipeline.embedded.mongo.oplog.OplogEntry;
import dev.cdcpipeline.embedded.mongo.wire.CommandError;
import dev.cdcpipeline.embedded.mongo.wire.EncodedDocument;
import dev.cdcpipeline.embedded.mongo.wire.Fields;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * A change stream: reads the oplog from a position on, makes events of what its scope covers, and
 * waits at the end.
 *
 * <p>See https://www.mongodb.com/docs/manual/changeStreams/. Used by one command at a time.
 */
public final class ChangeStreamCursor implements ServerCursor {

    private static final int MAX_DOCUMENT_BYTES = 16 * 1024 * 1024 + 16 * 1024;
    private static final int READ_AHEAD = 512;
    private static final long IDLE_SECONDS = 1;

    /**
     * An event that is ready to be sent.
     *
     * @param last whether it is an invalidate event, after which nothing comes
     */
    record Ready(EncodedDocument document, Document token, boolean last) {}

    private final Oplog oplog;
    private final ChangeStreamScope scope;
    private final ChangeEvents events;
    private final EventPipeline pipeline;
    private final boolean tokenVersionTwo;
    private final ArrayDeque<OplogEntry> readAhead = new ArrayDeque<>();
    private final ArrayDeque<Ready> ready = new ArrayDeque<>();
    private final BsonTimestamp notBefore;
    private long position;
    private Document token;
    private @Nullable BsonTimestamp scanned;
    private @Nullable BsonTimestamp lastEvent;
    private boolean startsAtATime;
    private boolean invalidated;
    private volatile boolean closed;

    private ChangeStreamCursor(
            Oplog oplog,
            ChangeStreamScope scope,
            ChangeEvents events,
            EventPipeline pipeline,
            StartPosition start,
            boolean tokenVersionTwo) {
        this.oplog = oplog;
        this.scope = scope;
        this.events = events;
        this.pipeline = pipeline;
        this.tokenVersionTwo = tokenVersionTwo;
        this.notBefore = start.notBefore();
        this.position = start.position();
        this.token = start.token();
        this.startsAtATime = start.atATime();
        resumeWithin(start);
    }

    /** What a stream stands on. */
    public record Source(Oplog oplog, DocumentLookup lookup, ServerFeatures features) {}

    /**
     * Opens a stream.
     *
     * @param collection the collection, empty for {@code aggregate: 1}
     * @param stages the whole pipeline, {@code $changeStream} first
     * @throws CommandError with the server's code when the server would refuse it
     */
    public static ChangeStreamCursor open(
            Source source, String database, String collection, List<Document> stages) {
        ServerFeatures features = source.features();
        Document stage = Fields.document(stages.getFirst(), "$changeStream");
        ChangeStreamOptions options = ChangeStreamOptions.parse(stage, features);
        ChangeStreamScope scope =
                ChangeStreamScope.of(
                        database,
                        collection,
                        Boolean.TRUE.equals(stage.get("allChangesForCluster")));
        EventPipeline pipeline = new EventPipeline(stages.subList(1, stages.size()), features);
        StartPosition start =
                StartPosition.of(
                        options.start(), scope, source.oplog(), features.tokenVersionTwo());
        ChangeEvents events = new ChangeEvents(options, features, source.lookup());
        return new ChangeStreamCursor(
                source.oplog(), scope, events, pipeline, start, features.tokenVersionTwo());
    }

    private void resumeWithin(StartPosition start) {
        OplogEntry partial = start.partial();
        if (partial == null) {
            return;
        }
        if (start.fragment() > 0) {
            checkSplits(start);
            prepare(partial);
            if (ready.size() == 1) {
                throw StartPosition.notSplit(); // its document has shrunk since
            }
            for (int seen = 0; seen < start.fragment() && !ready.isEmpty(); seen++) {
                ready.poll();
            }
        } else {
            prepareInvalidate(partial);
        }
    }

    private void checkSplits(StartPosition start) {
        if (!pipeline.splitsLargeEvents()) {
            throw StartPosition.tokenNotFound(start.token());
        }
    }

    /**
     * {@inheritDoc}
     *
     * <p>The first {@code getMore} of a stream that starts at a time may come too early for the
     * events at hand, and so always does: on a real server entries are not there for streams until
     * a majority has them. Its token, that of the start, says nothing about events at that very
     * time.
     */
    @Override
    public synchronized Batch next(int limit, long awaitMillis) {
        if (startsAtATime && awaitMillis > 0) {
            startsAtATime = false;
            if (hasEvent()) {
                return new Batch(List.of(), token, false);
            }
        }
        List<Ready> batch = new ArrayList<>();
        long left = Oplog.nanosOf(awaitMillis);
        boolean full = fill(batch, limit);
        while (batch.isEmpty() && limit > 0 && left > 0 && !invalidated && !closed) {
            left = await(left);
            full = fill(batch, limit);
        }
        passScanned(full);
        return new Batch(batch.stream().map(Ready::document).toList(), token, ended());
    }

    private boolean hasEvent() {
        boolean more = true;
        while (ready.isEmpty() && more && !invalidated) {
            more = prepareNext();
        }
        return !ready.isEmpty();
    }

    /** Takes what there is, with the tokens, and does not wait. */
    synchronized List<Ready> poll(int limit) {
        List<Ready> batch = new ArrayList<>();
        passScanned(fill(batch, limit));
        return batch;
    }

    /** The token after what was taken. */
    synchronized Document token() {
        return token;
    }

    /** Whether the stream was invalidated and all of it is taken. */
    synchronized boolean ended() {
        return invalidated && ready.isEmpty();
    }

    private void passScanned(boolean full) {
        if (!full && !invalidated && scanned != null && !scanned.equals(lastEvent)) {
            token = ResumeToken.highWaterMark(scanned, tokenVersionTwo);
        }
    }

    private long await(long nanos) {
        try {
            long slice = Math.min(nanos, Oplog.nanosOf(IDLE_SECONDS * 1000));
            long left = oplog.awaitEntryAt(position, slice);
            if (left <= 0) {
                oplog.appendNoopIfIdle(IDLE_SECONDS);
            }
            return nanos - slice + Math.max(left, 0);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandError(11601, "Interrupted", "operation was interrupted");
        }
    }

    @Override
    public void close() {
        closed = true;
        oplog.wakeReaders();
    }

    /** Adds what there is to the batch; true when the batch is full before the end of the oplog. */
    private boolean fill(List<Ready> batch, int limit) {
        int bytes = 0;
        while (true) {
            Ready next = ready.peek();
            if (next == null) {
                if (batch.size() >= limit && limit > 0) {
                    return true;
                }
                if (limit == 0 || invalidated || !prepareNext()) {
                    return limit == 0;
                }
                continue;
            }
            if (batch.size() >= limit
                    || (!batch.isEmpty() && bytes + next.document().size() > Batch.MAX_BYTES)) {
                return true;
            }
            ready.poll();
            batch.add(next);
            bytes += next.document().size();
            token = next.token();
        }
    }

    /** Takes one entry of the oplog; false when there is none. */
    private boolean prepareNext() {
        if (readAhead.isEmpty()) {
            List<OplogEntry> read = new ArrayList<>();
            if (!oplog.read(position, READ_AHEAD, read)) {
                throw StartPosition.historyLost();
            }
            readAhead.addAll(read);
        }
        OplogEntry entry = readAhead.poll();
        if (entry == null) {
            return false;
        }
        position++;
        if (entry.time().compareTo(notBefore) < 0) {
            return true;
        }
        scanned = entry.time();
        if (scope.covers(entry) && events.shows(entry)) {
            prepare(entry);
            if (scope.invalidatedBy(entry)) {
                prepareInvalidate(entry);
            }
        }
        return true;
    }

    private void prepare(OplogEntry entry) {
        Document event = pipeline.apply(events.event(entry));
        if (event == null) {
            return;
        }
        lastEvent = entry.time();
        EncodedDocument encoded = EncodedDocument.of(event);
        if (encoded.size() <= MAX_DOCUMENT_BYTES) {
            ready.add(new Ready(encoded, Fields.document(event, "_id"), false));
        } else if (pipeline.splitsLargeEvents()) {
            EventIdentity identity = events.identity(entry);
            for (Document fragment :
                    SplitEvent.fragments(
                            event,
                            number ->
                                    ResumeToken.ofEvent(
                                            entry, identity, tokenVersionTwo, number))) {
                ready.add(
                        new Ready(
                                EncodedDocument.of(fragment),
                                Fields.document(fragment, "_id"),
                                false));
            }
        } else {
            throw tooLarge(event, encoded.size());
        }
    }

    private void prepareInvalidate(OplogEntry entry) {
        invalidated = true;
        Document complete = events.invalidate(entry);
        Document event = pipeline.apply(complete);
        token = Fields.document(complete, "_id");
        if (event != null) {
            ready.add(new Ready(EncodedDocument.of(event), Fields.document(event, "_id"), true));
        }
    }

    private static CommandError tooLarge(Document event, int size) {
        return new CommandError(
                10334,
                "BSONObjectTooLarge",
                "BSONObj size: %d (0x%X) is invalid. Size must be between 0 and %d(16MB) First element: _id: %s"
                        .formatted(
                                size,
                                size,
                                MAX_DOCUMENT_BYTES,
                                Fields.document(event, "_id").toString(true)));
    }
}
