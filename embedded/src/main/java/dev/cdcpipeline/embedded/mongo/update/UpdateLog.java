package dev.cdcpipeline.embedded.mongo.update;

import de.bwaldvogel.mongo.bson.Document;

import dev.cdcpipeline.embedded.mongo.oplog.UpdateDescription;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

/**
 * What modifiers wrote, as the server logs it: each path that was set, not a comparison of before
 * and after.
 *
 * <p>Servers before 5.0 log a created path in full; later ones log the outermost field that was
 * created.
 */
final class UpdateLog {

    private final boolean logsOutermostCreated;
    private final SequencedSet<List<String>> set = new LinkedHashSet<>();
    private final List<String> removed = new ArrayList<>();

    UpdateLog(boolean logsOutermostCreated) {
        this.logsOutermostCreated = logsOutermostCreated;
    }

    /**
     * @param path the path that was set
     * @param existing how many of its leading parts existed before
     */
    void set(List<String> path, int existing) {
        boolean created = existing < path.size();
        set.add(created && logsOutermostCreated ? path.subList(0, existing + 1) : path);
    }

    void removed(List<String> path) {
        removed.add(Paths.join(path));
    }

    /** The description, its values taken from the document as the update left it. */
    UpdateDescription describe(Document after) {
        Document updated = new Document();
        for (List<String> path : set) {
            updated.put(Paths.join(path), Paths.get(after, path));
        }
        return new UpdateDescription(updated, removed, List.of());
    }
}
