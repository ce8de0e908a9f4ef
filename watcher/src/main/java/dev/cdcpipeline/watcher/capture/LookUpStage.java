package dev.cdcpipeline.watcher.capture;

import com.mongodb.client.MongoCluster;

import dev.cdcpipeline.model.ChangeEvent;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;

/**
 * Completes the updates of a source with their documents, if the definition wants that, and leaves
 * out the deletes of documents that have moved to another shard. On a thread of its own: while it
 * looks up one batch, the source reads the next one and the publisher writes the one before.
 */
public final class LookUpStage implements EventSource {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final EventSource upstream;
    private final @Nullable MovedDocuments moved;
    private final @Nullable PostImages images;
    private final StreamReader.Recovery recovery;
    private final BatchQueue queue;
    private final Thread thread;
    private volatile boolean closed;

    /**
     * A stage that has not started.
     *
     * @param upstream where the events come from; closed with this
     * @param client reads the documents
     * @param definition says whether updates get their documents, and which fields are left out
     * @param recovery for look-ups that fail
     * @param aheadBytes most bytes completed ahead of the publisher
     * @param listener hears of documents that are gone
     */
    public LookUpStage(
            EventSource upstream,
            MongoCluster client,
            StreamDefinition definition,
            StreamReader.Recovery recovery,
            long aheadBytes,
            CaptureListener listener) {
        this.upstream = upstream;
        this.moved = definition.sharded() ? new MovedDocuments(client, listener) : null;
        this.images =
                definition.postImage().looksUp()
                        ? new PostImages(client, definition.projection(), listener)
                        : null;
        this.recovery = recovery;
        this.queue = new BatchQueue(aheadBytes);
        this.thread = Thread.ofPlatform().name("watcher-look-up").daemon().unstarted(this::run);
    }

    /** Starts looking up. */
    public LookUpStage start() {
        thread.start();
        return this;
    }

    @Override
    public @Nullable EventBatch poll(Duration timeout) throws Exception {
        return queue.poll(timeout);
    }

    private void run() {
        try {
            while (!closed) {
                EventBatch batch = upstream.poll(POLL);
                if (batch != null) {
                    complete(batch);
                }
            }
        } catch (Throwable e) { // else the thread would be gone, and nobody know
            if (!closed) {
                queue.fail(e);
            }
        }
    }

    private void complete(EventBatch batch) throws Exception {
        List<ChangeEvent> rest = withoutMoved(batch.events());
        do {
            PostImages.Turn turn = turn(rest);
            rest = turn.rest();
            queue.put(
                    new EventBatch(
                            turn.done(),
                            rest.isEmpty() ? batch.through() : null,
                            bytes(turn.done())));
        } while (!rest.isEmpty());
    }

    /** Elsewhere each delete is one, also where its document was inserted anew since. */
    private List<ChangeEvent> withoutMoved(List<ChangeEvent> events) throws Exception {
        MovedDocuments lookUp = moved;
        return lookUp == null
                ? events
                : recovery.retry().call("look-up", () -> lookUp.leaveOut(events));
    }

    private PostImages.Turn turn(List<ChangeEvent> events) throws Exception {
        PostImages lookUp = images;
        return lookUp == null
                ? new PostImages.Turn(events, List.of())
                : recovery.retry().call("look-up", () -> lookUp.complete(events));
    }

    private static int bytes(List<ChangeEvent> events) {
        long sum = 0;
        for (ChangeEvent event : events) {
            sum += event.document().length();
        }
        return (int) Math.min(sum, Integer.MAX_VALUE);
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        upstream.close();
        try {
            thread.join(CLOSE_TIMEOUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
