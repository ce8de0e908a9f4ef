package dev.cdcpipeline.watcher.app;

import dev.cdcpipeline.model.DocumentKey;
import dev.cdcpipeline.model.Namespace;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Follows topics from their beginning, and keeps each document's records in their order. */
final class TopicTail implements AutoCloseable {
    private final TopicReader reader;
    private final Map<String, List<Topic.Published>> records = new HashMap<>();
    private final StreamContinuity streams = new StreamContinuity();

    TopicTail(String bootstrapServers, List<String> topics) {
        this.reader = new TopicReader(bootstrapServers, topics);
    }

    /** What a document is called here. */
    static String name(String collection, String id) {
        return collection + "/" + id;
    }

    /** Takes what has come. */
    void poll() {
        reader.poll(
                (topic, published) -> {
                    streams.add(topic, published);
                    add(published);
                });
    }

    private void add(Topic.Published record) {
        Namespace namespace = Objects.requireNonNull(record.event().namespace());
        DocumentKey key = Objects.requireNonNull(record.event().documentKey());
        records.computeIfAbsent(
                        name(namespace.collection(), key.id().asString().getValue()),
                        name -> new ArrayList<>())
                .add(record);
    }

    /** The records of a document so far. */
    List<Topic.Published> of(String name) {
        return records.getOrDefault(name, List.of());
    }

    /** What the streams are like. */
    StreamContinuity streams() {
        return streams;
    }

    @Override
    public void close() {
        reader.close();
    }
}
