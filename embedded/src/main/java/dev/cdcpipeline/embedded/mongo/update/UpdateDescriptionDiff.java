package dev.cdcpipeline.embedded.mongo.update;

import de.bwaldvogel.mongo.bson.Document;

import dev.cdcpipeline.embedded.mongo.oplog.UpdateDescription;
import dev.cdcpipeline.embedded.mongo.storage.BsonOrder;
import dev.cdcpipeline.embedded.mongo.wire.BsonWriter;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The difference between two states of a document, by which servers from 5.0 on describe an update
 * with an aggregation pipeline: changed fields by dotted path, shortened arrays as {@code
 * truncatedArrays}.
 */
final class UpdateDescriptionDiff {

    private final Document updated = new Document();
    private final List<String> removed = new ArrayList<>();
    private final List<Document> truncated = new ArrayList<>();

    private final Document ambiguous = new Document();
    private final Document after;

    private UpdateDescriptionDiff(Document after) {
        this.after = after;
    }

    /**
     * The difference, or null when it would be larger than the document itself and the server logs
     * that instead.
     */
    static @Nullable UpdateDescription between(Document before, Document after) {
        UpdateDescriptionDiff diff = new UpdateDescriptionDiff(after);
        diff.documents(List.of(), before, after);
        boolean larger = BsonWriter.toBytes(diff.updated).length > BsonWriter.toBytes(after).length;
        return larger
                ? null
                : new UpdateDescription(diff.updated, diff.removed, diff.truncated, diff.ambiguous);
    }

    private void documents(List<String> parent, Document before, Document after) {
        for (String name : before.keySet()) {
            if (!after.containsKey(name)) {
                removed.add(noted(path(parent, name)));
            }
        }
        for (Map.Entry<String, Object> field : after.entrySet()) {
            List<String> path = path(parent, field.getKey());
            if (before.containsKey(field.getKey())) {
                values(path, before.get(field.getKey()), field.getValue());
            } else {
                updated.put(noted(path), field.getValue());
            }
        }
    }

    private static List<String> path(List<String> parent, String last) {
        List<String> path = new ArrayList<>(parent);
        path.add(last);
        return path;
    }

    private String noted(List<String> path) {
        Paths.disambiguate(after, path, ambiguous);
        return Paths.join(path);
    }

    private void values(List<String> path, @Nullable Object before, @Nullable Object after) {
        if (BsonOrder.identical(before, after)) {
            return;
        }
        if (before instanceof Document from && after instanceof Document to) {
            documents(path, from, to);
        } else if (before instanceof List<?> from && after instanceof List<?> to) {
            arrays(path, from, to);
        } else {
            updated.put(noted(path), after);
        }
    }

    private void arrays(List<String> path, List<?> before, List<?> after) {
        int shared = Math.min(before.size(), after.size());
        if (shared == 0) {
            updated.put(noted(path), after);
            return;
        }
        for (int i = 0; i < shared; i++) {
            values(path(path, Integer.toString(i)), before.get(i), after.get(i));
        }
        for (int i = shared; i < after.size(); i++) {
            updated.put(noted(path(path, Integer.toString(i))), after.get(i));
        }
        if (after.size() < before.size()) {
            truncated.add(new Document("field", noted(path)).append("newSize", after.size()));
        }
    }
}
