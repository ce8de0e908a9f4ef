package dev.cdcpipeline.embedded.mongo.changestream;

import de.bwaldvogel.mongo.bson.BsonTimestamp;
import de.bwaldvogel.mongo.bson.Document;

import dev.cdcpipeline.embedded.mongo.changestream.ChangeStreamCursor.Ready;
import dev.cdcpipeline.embedded.mongo.cursor.Batch;
import dev.cdcpipeline.embedded.mongo.cursor.ServerCursor;
import dev.cdcpipeline.embedded.mongo.oplog.Oplog;
import dev.cdcpipeline.embedded.mongo.sharding.Shard;
import dev.cdcpipeline.embedded.mongo.sharding.Shards;
import dev.cdcpipeline.embedded.mongo.wire.CommandError;
import dev.cdcpipeline.embedded.mongo.wire.EncodedDocument;
import dev.cdcpipeline.embedded.mongo.wire.Fields;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A change stream over all shards, as a router merges it: in the order of the tokens, and an event
 * only when every shard has passed its token. So the quietest shard holds the stream back until it
 * writes something, if only a no-op.
 *
 * <p>See
 * https://www.mongodb.com/docs/manual/administration/change-streams-production-recommendations/,
 * "Sharded Clusters". Used by one command at a time.
 */
public final class MergedStreamCursor implements ServerCursor {

    private static final String STAGE = "$changeStream";
    private static final int READ_AHEAD = 256;
    private static final int TOKEN_NOT_FOUND = 280;
    private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Shards shards;
    private final Opening opening;
    private final List<Remote> remotes = new ArrayList<>();
    private final @Nullable String resumedAfter;
    private Document token;
    private boolean startsAtATime;
    private boolean invalidated;
    private volatile boolean closed;

    /** What a stream stands on. */
    public record Source(Shards shards, DocumentLookup lookup, ServerFeatures features) {}

    /** How the stream on each shard is opened. */
    private record Opening(
            Source source, String database, String collection, List<Document> stages) {

        ChangeStreamCursor on(Shard shard, Document stage) {
            List<Document> pipeline = new ArrayList<>(stages);
            pipeline.set(0, new Document(STAGE, stage));
            return ChangeStreamCursor.open(
                    new ChangeStreamCursor.Source(
                            shard.oplog(), source.lookup(), source.features()),
                    database,
                    collection,
                    pipeline);
        }

        Document stage() {
            return Fields.document(stages.getFirst(), STAGE);
        }
    }

    /** One shard's stream and what it has yielded that may not be shown yet. */
    private static final class Remote {

        private final Shard shard;
        private final ChangeStreamCursor cursor;
        private final ArrayDeque<Ready> buffer = new ArrayDeque<>();
        private String promised;

        Remote(Shard shard, ChangeStreamCursor cursor) {
            this.shard = shard;
            this.cursor = cursor;
            this.promised = data(cursor.token());
        }

        void poll() {
            if (buffer.isEmpty() && !shard.isHungOn("getMore")) {
                buffer.addAll(cursor.poll(READ_AHEAD));
                promised = data(cursor.token());
            }
        }

        /** Nothing before this token will come from here. */
        String bound() {
            Ready head = buffer.peek();
            return head == null ? promised : data(head.token());
        }
    }

    private MergedStreamCursor(Opening opening, Document stage) {
        this.shards = opening.source().shards();
        this.opening = opening;
        Object resume = stage.getOrDefault("resumeAfter", stage.get("startAfter"));
        this.resumedAfter = resume instanceof Document document ? data(document) : null;
        this.startsAtATime = resumedAfter == null;
        openOnAll(stage);
        this.token =
                resume instanceof Document document ? document : remotes.getFirst().cursor.token();
    }

    /**
     * Opens a stream on every shard, all from the same point on.
     *
     * @param stages the whole pipeline, {@code $changeStream} first
     * @throws CommandError with the server's code when the server would refuse it
     */
    public static MergedStreamCursor open(
            Source source, String database, String collection, List<Document> stages) {
        Opening opening = new Opening(source, database, collection, stages);
        Document stage = opening.stage().clone();
        ChangeStreamOptions options = ChangeStreamOptions.parse(stage, source.features());
        if (options.start() instanceof ChangeStreamOptions.Now) {
            BsonTimestamp next = new BsonTimestamp(source.shards().lastTime().getValue() + 1);
            stage.put("startAtOperationTime", next);
        }
        return new MergedStreamCursor(opening, stage);
    }

    private void openOnAll(Document stage) {
        CommandError notFound = null;
        boolean found = false;
        for (Shard shard : shards.all()) {
            try {
                remotes.add(new Remote(shard, opening.on(shard, stage)));
                found = true;
            } catch (CommandError e) {
                if (e.getCode() != TOKEN_NOT_FOUND) {
                    throw e;
                }
                notFound = e;
                remotes.add(new Remote(shard, opening.on(shard, atTimeOfToken(stage))));
            }
        }
        if (!found && notFound != null) {
            throw notFound;
        }
    }

    /** The event of the token is another shard's: this one is read from the token's time on. */
    private static Document atTimeOfToken(Document stage) {
        Document after =
                Fields.document(
                        stage, stage.containsKey("startAfter") ? "startAfter" : "resumeAfter");
        Document at = stage.clone();
        at.remove("startAfter");
        at.remove("resumeAfter");
        at.put("startAtOperationTime", ResumeToken.parse(after).time());
        return at;
    }

    private static String data(Document token) {
        return String.valueOf(token.get("_data"));
    }

    @Override
    public synchronized Batch next(int limit, long awaitMillis) {
        if (startsAtATime && awaitMillis > 0) {
            startsAtATime = false;
            remotes.forEach(Remote::poll);
            if (remotes.stream().anyMatch(remote -> !remote.buffer.isEmpty())) {
                return new Batch(List.of(), token, false);
            }
        }
        List<EncodedDocument> batch = new ArrayList<>();
        long deadline = System.nanoTime() + Oplog.nanosOf(awaitMillis);
        while (true) {
            long seen = shards.growth().count();
            shards.noopsOfIdle();
            openOnNewShards();
            merge(batch, limit);
            long left = deadline - System.nanoTime();
            if (!batch.isEmpty() || limit == 0 || left <= 0 || invalidated || closed) {
                break;
            }
            await(seen, Math.min(left, SLICE_NANOS));
        }
        return new Batch(batch, token, invalidated);
    }

    private void await(long seen, long nanos) {
        try {
            shards.growth().await(seen, nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandError(11601, "Interrupted", "operation was interrupted");
        }
    }

    /**
     * A router opens its streams on a new shard with {@code resumeAfter}, beside the {@code
     * startAfter} of the client, which the shard refuses.
     */
    private void openOnNewShards() {
        List<Shard> all = shards.all();
        for (Shard shard : all.subList(remotes.size(), all.size())) {
            Document stage = opening.stage().clone();
            stage.remove("startAtOperationTime");
            BsonTimestamp from = new BsonTimestamp(shard.added().getValue() + 1);
            stage.put(
                    "resumeAfter",
                    ResumeToken.highWaterMark(from, opening.source().features().tokenVersionTwo()));
            remotes.add(new Remote(shard, opening.on(shard, stage)));
        }
    }

    private void merge(List<EncodedDocument> batch, int limit) {
        int bytes = 0;
        while (!invalidated) {
            remotes.forEach(Remote::poll);
            Remote next = next();
            Ready head = next.buffer.peek();
            if (head == null) {
                token = later(token, next.cursor.token());
                invalidated = next.cursor.ended();
                return;
            }
            if (batch.size() >= limit
                    || (!batch.isEmpty() && bytes + head.document().size() > Batch.MAX_BYTES)) {
                return;
            }
            next.buffer.poll();
            if (resumedAfter != null && data(head.token()).compareTo(resumedAfter) <= 0) {
                continue;
            }
            batch.add(head.document());
            bytes += head.document().size();
            token = head.token();
            invalidated = head.last();
        }
    }

    /** The shard whose next event comes first, or that keeps the others' from being shown. */
    private Remote next() {
        Remote first = remotes.getFirst();
        for (Remote remote : remotes) {
            int order = remote.bound().compareTo(first.bound());
            if (order < 0 || (order == 0 && first.buffer.isEmpty())) {
                first = remote;
            }
        }
        return first;
    }

    private static Document later(Document left, Document right) {
        return data(left).compareTo(data(right)) >= 0 ? left : right;
    }

    @Override
    public void close() {
        closed = true;
        remotes.forEach(remote -> remote.cursor.close());
    }
}
