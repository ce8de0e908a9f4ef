package dev.cdcpipeline.embedded.mongo.update;

import de.bwaldvogel.mongo.bson.Document;

import dev.cdcpipeline.embedded.mongo.oplog.UpdateDescription;
import dev.cdcpipeline.embedded.mongo.storage.BsonOrder;
import dev.cdcpipeline.embedded.mongo.wire.BsonSize;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The difference between two states of a document, by which servers from 5.0 on describe an update
 * with an aggregation pipeline: changed fields by dotted path, shortened arrays as {@code
 * truncatedArrays}. What is nested is reported whole where that is no longer than its difference,
 * as the server's log has it; so the size of that is counted along.
 */
final class UpdateDescriptionDiff {

    private static final int EMPTY_DOCUMENT = 5;
    private static final int EMPTY_ARRAY = 9;
    private static final int TYPE_AND_END_OF_NAME = 2;
    private static final int SECTION = 8;
    private static final int RESIZE = 7;
    private static final int FRAME_OF_ENTRY = 15;

    private final Document updated = new Document();
    private final List<String> removed = new ArrayList<>();
    private final List<Document> truncated = new ArrayList<>();
    private final Document ambiguous = new Document();
    private final Document after;
    private final List<String> parent;
    private int size;
    private boolean updates;
    private boolean inserts;
    private boolean deletes;

    private UpdateDescriptionDiff(Document after, List<String> parent, int emptySize) {
        this.after = after;
        this.parent = parent;
        this.size = emptySize;
    }

    /**
     * The difference, or null when it would be larger than the document itself and the server logs
     * that instead.
     */
    static @Nullable UpdateDescription between(Document before, Document after) {
        UpdateDescriptionDiff diff = new UpdateDescriptionDiff(after, List.of(), EMPTY_DOCUMENT);
        diff.documents(before, after);
        return diff.size + FRAME_OF_ENTRY >= BsonSize.of(after)
                ? null
                : new UpdateDescription(diff.updated, diff.removed, diff.truncated, diff.ambiguous);
    }

    private void documents(Document before, Document now) {
        for (String name : before.keySet()) {
            if (!now.containsKey(name)) {
                removed.add(noted(name));
                deletes = section(deletes);
                grow(name, 1);
            }
        }
        for (Map.Entry<String, Object> field : now.entrySet()) {
            String name = field.getKey();
            if (!before.containsKey(name)) {
                updated.put(noted(name), field.getValue());
                inserts = section(inserts);
                grow(name, BsonSize.ofValue(field.getValue()));
            } else if (!BsonOrder.identical(before.get(name), field.getValue())
                    && !nested(name, before.get(name), field.getValue())) {
                updated.put(noted(name), field.getValue());
                updates = section(updates);
                grow(name, BsonSize.ofValue(field.getValue()));
            }
        }
    }

    private boolean section(boolean begun) {
        size += begun ? 0 : SECTION;
        return true;
    }

    private void grow(String name, int valueSize) {
        size += BsonSize.utf8(name) + TYPE_AND_END_OF_NAME + valueSize;
    }

    private List<String> path(String last) {
        List<String> path = new ArrayList<>(parent);
        path.add(last);
        return path;
    }

    private String noted(String last) {
        List<String> path = path(last);
        Paths.disambiguate(after, path, ambiguous);
        return Paths.join(path);
    }

    /** Describes what differs inside; false when the value itself is no longer than that. */
    private boolean nested(String name, @Nullable Object before, @Nullable Object now) {
        if (before instanceof Document from && now instanceof Document to) {
            UpdateDescriptionDiff inside =
                    new UpdateDescriptionDiff(after, path(name), EMPTY_DOCUMENT);
            inside.documents(from, to);
            return takeOver(name, inside, BsonSize.of(to));
        }
        if (before instanceof List<?> from && now instanceof List<?> to) {
            UpdateDescriptionDiff inside =
                    new UpdateDescriptionDiff(after, path(name), EMPTY_ARRAY);
            inside.arrays(from, to);
            return takeOver(name, inside, BsonSize.ofValue(to));
        }
        return false;
    }

    private boolean takeOver(String name, UpdateDescriptionDiff inside, int wholeSize) {
        if (inside.size >= wholeSize) {
            return false;
        }
        updated.putAll(inside.updated);
        removed.addAll(inside.removed);
        truncated.addAll(inside.truncated);
        ambiguous.putAll(inside.ambiguous);
        grow(name, 1 + inside.size);
        return true;
    }

    private void arrays(List<?> before, List<?> now) {
        for (int i = 0; i < now.size(); i++) {
            String name = Integer.toString(i);
            if (i >= before.size()
                    || (!BsonOrder.identical(before.get(i), now.get(i))
                            && !nested(name, before.get(i), now.get(i)))) {
                updated.put(noted(name), now.get(i));
                grow(name, 1 + BsonSize.ofValue(now.get(i)));
            }
        }
        if (now.size() < before.size()) {
            List<String> field = parent;
            Paths.disambiguate(after, field, ambiguous);
            truncated.add(new Document("field", Paths.join(field)).append("newSize", now.size()));
            size += RESIZE;
        }
    }
}
