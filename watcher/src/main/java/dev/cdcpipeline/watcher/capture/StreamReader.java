package dev.cdcpipeline.watcher.capture;

import com.mongodb.MongoCommandException;
import com.mongodb.client.MongoClient;

import dev.cdcpipeline.model.ChangeEvent;
import dev.cdcpipeline.model.OperationType;
import dev.cdcpipeline.model.RawDocument;
import dev.cdcpipeline.model.ResumeToken;
import dev.cdcpipeline.platform.failure.Classifier;
import dev.cdcpipeline.platform.failure.Reaction;
import dev.cdcpipeline.platform.retry.Retry;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the change stream on a thread of its own, ahead of the publisher. What ends a stream but
 * may pass (network, election, killed cursor, invalidate) makes it open the next one after the last
 * event read, with backoff; anything else is thrown to the publisher.
 */
public final class StreamReader implements EventSource {
    private static final Logger LOG = LoggerFactory.getLogger(StreamReader.class);

    /** ChangeStreamFatalError: this token, with this pipeline, leads nowhere. */
    private static final int FATAL = 280;

    /** Replies, of a second without events each, in which a known event of a known time must be. */
    private static final int MOST_TURNS = 10;

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final MongoClient client;
    private final StreamDefinition definition;
    private final Limits limits;
    private final Recovery recovery;
    private final CaptureListener listener;
    private final BatchQueue queue;
    private final Thread thread;
    private final BatchSize batchSize;
    private final SplitEvents splits;
    private StartFrom resume;
    private volatile boolean closed;

    /**
     * How much is read at a time and ahead.
     *
     * @param batchEvents most events asked for at a time
     * @param batchBytes about how many bytes are asked for at a time
     * @param aheadBytes most bytes read ahead of the publisher
     * @param await how long the server waits for the first event of a batch
     */
    public record Limits(int batchEvents, long batchBytes, long aheadBytes, Duration await) {}

    /**
     * What happens when a stream breaks.
     *
     * @param retry tries to open the stream again
     * @param classifier says which failures may pass
     */
    public record Recovery(Retry retry, Classifier classifier) {}

    /** Makes a reader that has not started. */
    public StreamReader(
            MongoClient client,
            StreamDefinition definition,
            StartFrom start,
            Limits limits,
            Recovery recovery,
            CaptureListener listener) {
        this.client = client;
        this.definition = definition;
        this.resume = start;
        this.limits = limits;
        this.recovery = recovery;
        this.listener = listener;
        this.splits = new SplitEvents(listener);
        this.queue = new BatchQueue(limits.aheadBytes());
        this.batchSize = new BatchSize(limits.batchEvents(), limits.batchBytes());
        this.thread = Thread.ofPlatform().name("watcher-reader").daemon().unstarted(this::read);
    }

    /** Starts reading. */
    public StreamReader start() {
        thread.start();
        return this;
    }

    @Override
    public @Nullable EventBatch poll(Duration timeout) throws Exception {
        return queue.poll(timeout);
    }

    private void read() {
        try {
            while (!closed) {
                try (ChangeStream stream = recovery.retry().call("change stream", this::open)) {
                    listener.connected();
                    readToItsEnd(stream);
                }
            }
        } catch (Throwable e) { // else the thread would be gone, and nobody know
            if (!closed) {
                queue.fail(e);
            }
        }
    }

    /**
     * Opens the stream and reads its first batch, so that a stream that opens but does not answer
     * backs off too.
     */
    private ChangeStream open() throws InterruptedException {
        try {
            return open(resume);
        } catch (MongoCommandException e) {
            ChangeStream again =
                    e.getErrorCode() == FATAL && resume instanceof StartFrom.After after
                            ? openAtTheWhole(after)
                            : null;
            if (again == null) {
                throw e;
            }
            return again;
        }
    }

    /**
     * A token of a large event's fragment, also of the last one, can be resumed from only while the
     * server splits the event: with the server's look-up, its document may have shrunk since. Then
     * the stream is opened at the time of the event, which is read again as a whole. That it is
     * there shows that this is the history the token is from (I5); what comes before it in a
     * transaction was read before, too.
     *
     * @return null if the event is not there
     */
    private @Nullable ChangeStream openAtTheWhole(StartFrom.After fragment)
            throws InterruptedException {
        StartFrom.At time = fragment.atItsTime();
        if (time == null) {
            return null;
        }
        splits.clear();
        ChangeStream stream = openAt(time);
        try {
            for (int turn = 0; turn < MOST_TURNS; turn++) {
                CursorReply reply = ask(stream);
                if (reply.documents().stream().anyMatch(fragment::isPartOf)) {
                    LOG.info(
                            "a large event has shrunk since it was read; it is read again as a whole");
                    pass(reply);
                    return stream;
                }
            }
        } catch (RuntimeException | InterruptedException e) {
            stream.close();
            throw e;
        }
        stream.close();
        return null;
    }

    private ChangeStream open(StartFrom start) throws InterruptedException {
        splits.clear();
        ChangeStream stream = openAt(start);
        try {
            forward(List.of(), stream.openedAt(), 0);
            readOnce(stream);
            return stream;
        } catch (RuntimeException | InterruptedException e) {
            stream.close();
            throw e;
        }
    }

    private ChangeStream openAt(StartFrom start) {
        listener.asked("aggregate that opens the change stream");
        try {
            return ChangeStream.open(client, definition, start);
        } finally {
            listener.unanswered();
        }
    }

    private void readToItsEnd(ChangeStream stream) throws InterruptedException {
        try {
            while (!closed && !stream.ended()) {
                readOnce(stream);
            }
        } catch (RuntimeException e) {
            if (closed || recovery.classifier().reaction(e) != Reaction.RETRY) {
                throw e;
            }
            listener.disconnected(e);
        }
    }

    private void readOnce(ChangeStream stream) throws InterruptedException {
        pass(ask(stream));
    }

    private void pass(CursorReply reply) throws InterruptedException {
        batchSize.observe(reply.documents().size(), reply.bytes());
        listener.received(reply.documents().size(), reply.bytes());
        forward(reply.documents(), reply.postBatchResumeToken(), reply.bytes());
    }

    private CursorReply ask(ChangeStream stream) {
        listener.asked("getMore of the change stream");
        try {
            return stream.next(batchSize.next(), limits.await());
        } catch (RuntimeException e) {
            listener.unanswered();
            throw e;
        }
    }

    /** Passes the complete events on; what is incomplete is no place to resume from. */
    private void forward(List<RawDocument> documents, @Nullable ResumeToken postBatch, int bytes)
            throws InterruptedException {
        List<ChangeEvent> events = new ArrayList<>(documents.size());
        ChangeEvent last = null;
        int held = bytes;
        for (RawDocument document : documents) {
            RawDocument whole = definition.splitLargeEvents() ? splits.add(document) : document;
            if (whole != null) {
                last = ChangeEvent.of(whole);
                held += Math.max(0, whole.length() - document.length());
                add(last, events);
            }
        }
        ResumeToken through = splits.incomplete() ? null : postBatch;
        if (through == null && last != null) {
            through = last.resumeToken();
        }
        if (through != null) {
            queue.put(new EventBatch(events, through, held));
            resume = new StartFrom.After(through);
        }
    }

    private void add(ChangeEvent event, List<ChangeEvent> events) {
        boolean nullLookUp =
                definition.postImage() == PostImage.SERVER
                        && event.operationType() == OperationType.UPDATE
                        && event.fullDocument() == null;
        if (nullLookUp) {
            listener.nullLookUp();
        } else {
            events.add(event);
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(CLOSE_TIMEOUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
