package dev.cdcpipeline.embedded.mongo.sharding;

import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.bson.MaxKey;
import de.bwaldvogel.mongo.bson.MinKey;

import dev.cdcpipeline.embedded.mongo.storage.BsonOrder;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A sharded collection's chunks: ranges of its shard key and the shard that each is on. Not
 * thread-safe.
 */
final class Chunks {

    private static final Comparator<List<@Nullable Object>> ORDER = Chunks::compare;

    private final List<String> fields;
    private final TreeMap<List<@Nullable Object>, Shard> byLowerBound = new TreeMap<>(ORDER);

    Chunks(List<String> fields, Shard first) {
        this.fields = fields;
        byLowerBound.put(
                fields.stream().<@Nullable Object>map(_ -> MinKey.getInstance()).toList(), first);
    }

    private static int compare(List<@Nullable Object> left, List<@Nullable Object> right) {
        for (int i = 0; i < left.size(); i++) {
            int order = BsonOrder.INSTANCE.compare(left.get(i), right.get(i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private List<@Nullable Object> values(Document key) {
        List<@Nullable Object> values = new ArrayList<>();
        fields.forEach(field -> values.add(key.getOrDefault(field, null)));
        return values;
    }

    /** The shard of a document, by its key. */
    Shard shardOf(Document key) {
        return byLowerBound.floorEntry(values(key)).getValue();
    }

    /** Whether a filter, by its equalities, is about one document's shard only. */
    boolean isPinnedBy(Document filter) {
        return fields.stream()
                .allMatch(
                        field ->
                                filter.containsKey(field)
                                        && !(filter.get(field) instanceof Document));
    }

    Set<Shard> shards() {
        return new LinkedHashSet<>(byLowerBound.values());
    }

    /** Makes this key the lower bound of a chunk of its own. */
    void split(Document at) {
        byLowerBound.put(values(at), shardOf(at));
    }

    /** Moves the chunk that this key is in. */
    void move(Document key, Shard to) {
        byLowerBound.put(byLowerBound.floorKey(values(key)), to);
    }

    /** As {@code config.chunks} has them: {@code min}, {@code max} and {@code shard}. */
    List<Document> describe() {
        List<Document> described = new ArrayList<>();
        for (Map.Entry<List<@Nullable Object>, Shard> chunk : byLowerBound.entrySet()) {
            List<@Nullable Object> next = byLowerBound.higherKey(chunk.getKey());
            described.add(
                    new Document("min", bound(chunk.getKey()))
                            .append("max", bound(next))
                            .append("shard", chunk.getValue().name()));
        }
        return described;
    }

    private Document bound(@Nullable List<@Nullable Object> values) {
        Document bound = new Document();
        for (int i = 0; i < fields.size(); i++) {
            bound.put(fields.get(i), values == null ? MaxKey.getInstance() : values.get(i));
        }
        return bound;
    }
}
