package dev.cdcpipeline.embedded.mongo.update;

import de.bwaldvogel.mongo.bson.Document;

import dev.cdcpipeline.embedded.mongo.oplog.UpdateDescription;

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
    private final SequencedSet<List<String>> removed = new LinkedHashSet<>();

    UpdateLog(boolean logsOutermostCreated) {
        this.logsOutermostCreated = logsOutermostCreated;
    }

    /** An empty log of the same kind. */
    UpdateLog fresh() {
        return new UpdateLog(logsOutermostCreated);
    }

    /**
     * Notes that a path was set.
     *
     * @param existing how many of its leading parts existed before
     */
    void set(List<String> path, int existing) {
        boolean created = existing < path.size();
        set.add(
                created && logsOutermostCreated
                        ? List.copyOf(path.subList(0, existing + 1))
                        : path);
    }

    void removed(List<String> path) {
        removed.add(path);
    }

    /**
     * Adds what one modification did to elements of arrays; more than one element: the whole array.
     */
    void addElements(UpdateLog elements) {
        SequencedSet<List<String>> all = new LinkedHashSet<>(elements.set);
        all.addAll(elements.removed);
        if (all.size() > 1) {
            List<String> array = commonPrefix(all);
            set(array, array.size());
        } else {
            set.addAll(elements.set);
            removed.addAll(elements.removed);
        }
    }

    private static List<String> commonPrefix(SequencedSet<List<String>> paths) {
        List<String> first = paths.getFirst();
        int shared = first.size();
        for (List<String> path : paths) {
            int same = 0;
            while (same < Math.min(shared, path.size()) && path.get(same).equals(first.get(same))) {
                same++;
            }
            shared = same;
        }
        return List.copyOf(first.subList(0, shared));
    }

    /** The description, its values taken from the document as the update left it. */
    UpdateDescription describe(Document after) {
        Document updated = new Document();
        Document ambiguous = new Document();
        for (List<String> path : set) {
            updated.put(Paths.join(path), Paths.get(after, path));
            Paths.disambiguate(after, path, ambiguous);
        }
        removed.forEach(path -> Paths.disambiguate(after, path, ambiguous));
        return new UpdateDescription(
                updated, removed.stream().map(Paths::join).toList(), List.of(), ambiguous);
    }
}
