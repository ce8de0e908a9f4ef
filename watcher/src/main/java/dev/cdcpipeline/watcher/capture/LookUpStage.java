package dev.cdcpipeline.watcher.capture;

import com.mongodb.client.MongoClient;

import dev.cdcpipeline.model.ChangeEvent;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;

/**
 * Completes the updates of a source with their documents, on a thread of its own: while it looks up
 * one batch, the source reads the next one and the publisher writes the one before.
 */
public final class LookUpStage implements EventSource {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final EventSource upstream;
    private final PostImages images;
    private final StreamReader.Recovery recovery;
    private final BatchQueue queue;
    private final Thread thread;
    private volatile boolean closed;

    /**
     * A stage that has not started.
     *
     * @param upstream where the events come from; closed with this
     * @param client reads the documents
     * @param definition says which fields are left out
     * @param recovery for look-ups that fail
     * @param aheadBytes most bytes completed ahead of the publisher
     * @param listener hears of documents that are gone
     */
    public LookUpStage(
            EventSource upstream,
            MongoClient client,
            StreamDefinition definition,
            StreamReader.Recovery recovery,
            long aheadBytes,
            CaptureListener listener) {
        this.upstream = upstream;
        this.images = new PostImages(client, definition.projection(), listener);
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
        } catch (Exception e) {
            if (!closed) {
                queue.fail(e);
            }
        }
    }

    private void complete(EventBatch batch) throws Exception {
        List<ChangeEvent> rest = batch.events();
        do {
            List<ChangeEvent> events = rest;
            PostImages.Turn turn = recovery.retry().call("look-up", () -> images.complete(events));
            rest = turn.rest();
            queue.put(
                    new EventBatch(
                            turn.done(),
                            rest.isEmpty() ? batch.through() : null,
                            bytes(turn.done())));
        } while (!rest.isEmpty());
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
