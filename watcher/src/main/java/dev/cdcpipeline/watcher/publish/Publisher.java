package dev.cdcpipeline.watcher.publish;

import dev.cdcpipeline.model.ChangeEvent;
import dev.cdcpipeline.model.DocumentKey;
import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.model.Position;
import dev.cdcpipeline.model.ResumeToken;
import dev.cdcpipeline.model.Version;
import dev.cdcpipeline.model.wire.EventWriter;
import dev.cdcpipeline.model.wire.RecordHeaders;
import dev.cdcpipeline.model.wire.RecordKind;
import dev.cdcpipeline.platform.retry.Retry;
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

    private final Outbox outbox;
    private final Topics topics;
    private final EventWriter writer;
    private final Retry retry;
    private final SendRetry sendRetry;
    private final PublishListener listener;
    private final Scope scope;
    private final long generation;
    private final LargeRecords large;
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
        this.generation = source.generation();
        this.large = source.large();
    }

    /**
     * What the published events belong to, and what is done with those that are too large.
     *
     * @param scope the collections
     * @param generation of every position
     * @param large what to do with records over the topic's or the producer's limit
     */
    public record Source(Scope scope, long generation, LargeRecords large) {}

    /**
     * Publishes an event; returns when it is in flight. Waits while there is no room.
     *
     * @throws PublishException when Kafka does not take it, or did not take an earlier one
     */
    public void publish(ChangeEvent event) throws Exception {
        Position position = new Position(generation, event.resumeToken());
        switch (event.operationType()) {
            case INSERT, UPDATE, REPLACE, DELETE -> change(event, position);
            case DROP -> sweep(event, position, ended(event));
            case RENAME -> rename(event, position);
            case DROP_DATABASE -> sweep(event, position, endedWithDatabase(event));
            case INVALIDATE, OTHER -> outbox.mark(position);
        }
    }

    /** Notes that the stream has reached a place without an event for it. */
    public void mark(ResumeToken place) {
        outbox.mark(new Position(generation, place));
    }

    /**
     * Moves the durable position over what was confirmed.
     *
     * @throws PublishException when Kafka did not take a record
     */
    public void advance() throws PublishException {
        outbox.advance();
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
        Iterable<Header> headers = headers(event, position, RecordKind.CHANGE);
        Route route = route(namespace);
        var record =
                new ProducerRecord<>(
                        route.topic(), null, writer.key(key), writer.value(event), headers);
        int bytes = record.key().length + record.value().length;
        if (large.mayInclude(bytes, route)) {
            large.send(outbox, new LargeRecords.Large(namespace, position, record));
            outbox.mark(position);
        } else {
            send(record, position);
        }
        listener.sent(namespace, event.operationName(), bytes);
    }

    /** Only the last record of an event is a place to resume from. */
    private void sweep(ChangeEvent event, Position position, List<Namespace> namespaces)
            throws Exception {
        byte[] value = writer.value(event);
        Iterable<Header> headers = headers(event, position, RecordKind.SWEEP);
        for (Namespace namespace : namespaces) {
            Route route = route(namespace);
            int bytes = 0;
            for (int partition = 0; partition < route.partitions(); partition++) {
                bytes +=
                        send(
                                new ProducerRecord<>(
                                        route.topic(), partition, SWEEP_KEY, value, headers),
                                null);
            }
            listener.sent(namespace, event.operationName(), bytes);
        }
        outbox.mark(position);
    }

    private void rename(ChangeEvent event, Position position) throws Exception {
        sweep(event, position, ended(event));
        Namespace from = event.namespace();
        Namespace to = event.renamedTo();
        if (from != null && to != null && scope.covers(to)) {
            listener.notCopied(from, to);
        }
    }

    /** The old and the new name, as far as they are in the scope. */
    private List<Namespace> ended(ChangeEvent event) {
        return Stream.of(event.namespace(), event.renamedTo())
                .filter(Objects::nonNull)
                .filter(scope::covers)
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

    private Route route(Namespace namespace) throws Exception {
        Route known = routes.get(namespace);
        if (known == null) {
            known = retry.call("topic", () -> topics.ensure(namespace));
            routes.put(namespace, known);
        }
        return known;
    }

    private static Iterable<Header> headers(ChangeEvent event, Position position, RecordKind kind) {
        BsonTimestamp time = event.clusterTime();
        Version version = time == null ? Version.ZERO : Version.of(time);
        List<Header> headers = new ArrayList<>(3);
        new RecordHeaders(position, version, kind)
                .forEach((name, bytes) -> headers.add(new RecordHeader(name, bytes)));
        return headers;
    }
}
