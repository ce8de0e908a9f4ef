package dev.cdcpipeline.watcher.publish;

import dev.cdcpipeline.model.ChangeEvent;
import dev.cdcpipeline.model.DocumentKey;
import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.model.OperationType;
import dev.cdcpipeline.model.PipelineEvents;
import dev.cdcpipeline.model.Position;
import dev.cdcpipeline.model.ResumeToken;
import dev.cdcpipeline.model.Version;
import dev.cdcpipeline.model.wire.EventWriter;
import dev.cdcpipeline.model.wire.RecordHeaders;
import dev.cdcpipeline.model.wire.RecordKind;
import dev.cdcpipeline.model.wire.StreamId;
import dev.cdcpipeline.platform.retry.Retry;
import dev.cdcpipeline.watcher.capture.Endings;
import dev.cdcpipeline.watcher.capture.Endings.Ending;
import dev.cdcpipeline.watcher.capture.Scope;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.bson.BsonTimestamp;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Turns events into records of their collection's topic. Used by one thread.
 *
 * <p>A document's event goes to the partition of its key. The end of a collection (drop, rename,
 * dropDatabase) goes to every partition of its topic, as a sweep.
 */
public final class Publisher {
    /** Read by nobody, but a compacted topic refuses records without a key. */
    private static final byte[] SWEEP_KEY = "{\"cdc.sweep\": 1}".getBytes(StandardCharsets.UTF_8);

    /** A larger event is measured before it is written, which may take many times its bytes. */
    private static final int LARGE = 1 << 20;

    private final Outbox outbox;
    private final Topics topics;
    private final EventWriter writer;
    private final Retry retry;
    private final SendRetry sendRetry;
    private final PublishListener listener;
    private final Scope scope;
    private final Endings endings;
    private final long generation;
    private final LargeRecords large;
    private final StreamHeaders stream;
    private final Map<Namespace, Route> routes = new HashMap<>();

    /**
     * Makes a publisher.
     *
     * @param outbox where its records go
     * @param topics names and makes topics
     * @param writer the wire format
     * @param retry for what may pass
     * @param listener hears of every event
     * @param source what the events belong to
     */
    public Publisher(
            Outbox outbox,
            Topics topics,
            EventWriter writer,
            Retry retry,
            PublishListener listener,
            Source source) {
        this.outbox = outbox;
        this.topics = topics;
        this.writer = writer;
        this.retry = retry;
        this.sendRetry = new SendRetry(retry);
        this.listener = listener;
        this.scope = source.scope();
        this.endings = source.endings();
        this.generation = source.generation();
        this.large = source.large();
        this.stream = source.stream();
    }

    /**
     * What the published events belong to, and what is done with those that are too large.
     *
     * @param scope the collections
     * @param endings tells which of them are gone
     * @param generation of every position
     * @param large what to do with records over the topic's or the producer's limit
     * @param stream names the stream of every record
     */
    public record Source(
            Scope scope,
            Endings endings,
            long generation,
            LargeRecords large,
            StreamHeaders stream) {}

    /**
     * Publishes an event; returns when it is in flight. Waits while there is no room.
     *
     * @throws PublishException when Kafka does not take it, or did not take an earlier one
     */
    public void publish(ChangeEvent event) throws Exception {
        Position position = new Position(generation, event.resumeToken());
        switch (event.operationType()) {
            case INSERT, UPDATE, REPLACE, DELETE -> change(event, position);
            case DROP, RENAME -> end(event, position, ended(event));
            case DROP_DATABASE -> end(event, position, endedWithDatabase(event));
            case INVALIDATE, OTHER -> outbox.mark(position);
        }
    }

    /** Notes that the stream has reached a place without an event for it. */
    public void mark(ResumeToken place) {
        outbox.mark(new Position(generation, place));
    }

    /**
     * Moves the durable position over what was confirmed; the records to come say it.
     *
     * @throws PublishException when Kafka did not take a record
     */
    public void advance() throws PublishException {
        outbox.advance();
        stream.durable(outbox.durable());
    }

    /** The stream of the records after the durable position. */
    public StreamId stream() {
        return stream.stream();
    }

    /**
     * Waits until nothing is in flight.
     *
     * @param deadline as of {@link System#nanoTime()}
     * @return false when it was not done by then
     */
    public boolean drain(long deadline) throws PublishException {
        return outbox.drain(deadline);
    }

    private void change(ChangeEvent event, Position position) throws Exception {
        Namespace namespace = event.namespace();
        DocumentKey key = event.documentKey();
        if (namespace == null || key == null) {
            throw new IllegalStateException(
                    "the server sent a "
                            + event.operationName()
                            + " event without a namespace or a document key; does a stage of watcher.pipeline remove it?");
        }
        Route route = route(namespace);
        if (route == null) {
            outbox.mark(position);
            return;
        }
        List<Header> headers = headers(event, position, RecordKind.CHANGE, route);
        byte[] id = writer.key(key);
        int bson = id.length + event.document().length();
        if (bson >= LARGE) {
            int bytes = id.length + writer.valueLength(event);
            if (large.mustRefuse(bytes)) {
                var unmade =
                        new ProducerRecord<byte[], byte[]>(route.topic(), null, id, null, headers);
                large.refuse(
                        outbox, new LargeRecords.Large(namespace, position, unmade, bytes, bson));
                leftOut(position);
                listener.sent(namespace, event.operationName(), bytes);
                return;
            }
            outbox.awaitRoom(bytes); // before it takes memory
        }
        var record = new ProducerRecord<>(route.topic(), null, id, writer.value(event), headers);
        int bytes = id.length + record.value().length;
        int tokens = headers.getFirst().value().length + stream.bytes();
        if (large.mayInclude(bytes + tokens, route)) {
            var whole = new LargeRecords.Large(namespace, position, record, bytes, bson);
            if (large.send(outbox, whole)) {
                outbox.mark(position);
            } else {
                leftOut(position);
            }
        } else {
            send(record, position);
        }
        listener.sent(namespace, event.operationName(), bytes);
    }

    /** The event is not in its topic: what follows belongs to another stream. */
    private void leftOut(Position position) {
        outbox.mark(position);
        stream.leaveOut();
    }

    /** Only the last record of an event is a place to resume from. */
    private void end(ChangeEvent event, Position position, List<Namespace> named) throws Exception {
        for (Namespace namespace : named) {
            Ending ending = retry.call("look-up", () -> endings.of(namespace, event));
            if (ending == Ending.OVER) {
                sweep(event, position, namespace);
            } else if (event.operationType() != OperationType.DROP_DATABASE) {
                listener.notEnded(namespace, ending, version(event));
            }
        }
        outbox.mark(position);
    }

    /**
     * Sends the sweep to every partition, also to those that were added since the last one. The
     * Syncer takes the table from the record's namespace: in the topic of another collection than
     * the event's own it is said of that one.
     */
    private void sweep(ChangeEvent event, Position position, Namespace namespace) throws Exception {
        boolean own = namespace.equals(event.namespace());
        byte[] value = writer.value(own ? event : PipelineEvents.sweep(namespace, event));
        int bytes = 0;
        int partition = 0;
        for (Route route = ask(namespace); partition < route.partitions(); route = ask(namespace)) {
            List<Header> headers = headers(event, position, RecordKind.SWEEP, route);
            for (; partition < route.partitions(); partition++) {
                bytes +=
                        send(
                                new ProducerRecord<>(
                                        route.topic(), partition, SWEEP_KEY, value, headers),
                                null);
            }
        }
        listener.sent(namespace, event.operationName(), bytes);
        if (namespace.equals(event.renamedTo())) {
            listener.notCopied(Objects.requireNonNull(event.namespace()), namespace);
        }
    }

    /** The old and the new name, as far as they are in the scope and have other content now. */
    private List<Namespace> ended(ChangeEvent event) {
        Namespace from = event.namespace();
        return Stream.of(from, event.renamedTo())
                .filter(Objects::nonNull)
                .filter(_ -> from != null && Scope.replacesContent(from))
                .filter(scope::covers)
                .filter(each -> !scope.isTemporary(each))
                .toList();
    }

    /**
     * The collections' own drop events came before; this makes sure for those with events in this
     * run.
     */
    private List<Namespace> endedWithDatabase(ChangeEvent event) {
        Namespace ended = event.namespace();
        return routes.keySet().stream()
                .filter(each -> ended != null && each.database().equals(ended.database()))
                .toList();
    }

    /** Sends a record and says how many bytes it has. */
    private int send(ProducerRecord<byte[], byte[]> record, @Nullable Position position)
            throws Exception {
        int bytes = record.key().length + record.value().length;
        outbox.awaitRoom(bytes);
        if (outbox.send(record, position, bytes) != null) {
            sendRetry.send(outbox, record, position, bytes);
        }
        return bytes;
    }

    /** Where a collection's events go; null when they go nowhere. */
    private @Nullable Route route(Namespace namespace) throws Exception {
        Route known = routes.get(namespace);
        return known != null || scope.isTemporary(namespace) ? known : ask(namespace);
    }

    /** Where they go by what Kafka says now. */
    private Route ask(Namespace namespace) throws Exception {
        Route route = retry.call("topic", () -> topics.ensure(namespace));
        routes.put(namespace, route);
        return route;
    }

    /** The first one is the position. */
    private List<Header> headers(
            ChangeEvent event, Position position, RecordKind kind, Route route) {
        List<Header> headers = new ArrayList<>(5);
        new RecordHeaders(position, version(event), kind)
                .forEach((name, bytes) -> headers.add(new RecordHeader(name, bytes)));
        stream.addTo(headers, route.partitions());
        return headers;
    }

    private static Version version(ChangeEvent event) {
        BsonTimestamp time = event.clusterTime();
        return time == null ? Version.ZERO : Version.of(time);
    }
}
