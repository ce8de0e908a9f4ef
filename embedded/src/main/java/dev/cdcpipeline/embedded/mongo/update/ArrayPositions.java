package dev.cdcpipeline.embedded.mongo.update;

import de.bwaldvogel.mongo.backend.DefaultQueryMatcher;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.MongoServerError;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns a path with positional operators ({@code $}, {@code $[]}, {@code $[identifier]}) into the
 * paths it stands for.
 *
 * <p>See https://www.mongodb.com/docs/manual/reference/operator/update/positional-filtered/.
 */
final class ArrayPositions {

    private final Map<String, Document> filters = new HashMap<>();

    ArrayPositions(List<Document> arrayFilters) {
        for (Document filter : arrayFilters) {
            if (filter.isEmpty()) {
                throw new MongoServerError(
                        9,
                        "FailedToParse",
                        "Cannot use an expression without a top-level field name in arrayFilters");
            }
            String first = filter.keySet().iterator().next();
            int dot = first.indexOf('.');
            filters.put(dot < 0 ? first : first.substring(0, dot), filter);
        }
    }

    /**
     * @param path the path as the update has it
     * @param matched the index of the array element that the query matched, null when it matched
     *     none
     */
    List<List<String>> resolve(Document document, List<String> path, @Nullable Integer matched) {
        List<List<String>> resolved = new ArrayList<>();
        resolve(document, path, 0, new ArrayList<>(), matched, resolved);
        return resolved;
    }

    private void resolve(
            Document document,
            List<String> path,
            int depth,
            List<String> soFar,
            @Nullable Integer matched,
            List<List<String>> resolved) {
        if (depth == path.size()) {
            resolved.add(List.copyOf(soFar));
            return;
        }
        String part = path.get(depth);
        for (String concrete : concrete(document, path, part, soFar, matched)) {
            soFar.add(concrete);
            resolve(document, path, depth + 1, soFar, matched, resolved);
            soFar.removeLast();
        }
    }

    private List<String> concrete(
            Document document,
            List<String> path,
            String part,
            List<String> soFar,
            @Nullable Integer matched) {
        if (part.equals("$")) {
            if (matched == null) {
                throw new MongoServerError(
                        2,
                        "BadValue",
                        "The positional operator did not find the match needed from the query.");
            }
            return List.of(matched.toString());
        }
        if (!part.startsWith("$[") || !part.endsWith("]")) {
            return List.of(part);
        }
        if (!(Paths.get(document, soFar) instanceof List<?> array)) {
            throw new MongoServerError(
                    2,
                    "BadValue",
                    "The path '%s' must exist in the document in order to apply array updates."
                            .formatted(Paths.join(soFar)));
        }
        String identifier = part.substring(2, part.length() - 1);
        List<String> indexes = new ArrayList<>();
        for (int index = 0; index < array.size(); index++) {
            if (identifier.isEmpty() || matches(path, identifier, array.get(index))) {
                indexes.add(Integer.toString(index));
            }
        }
        return indexes;
    }

    private boolean matches(List<String> path, String identifier, @Nullable Object element) {
        Document filter = filters.get(identifier);
        if (filter == null) {
            throw new MongoServerError(
                    2,
                    "BadValue",
                    "No array filter found for identifier '%s' in path '%s'"
                            .formatted(identifier, Paths.join(path)));
        }
        return new DefaultQueryMatcher().matches(new Document(identifier, element), filter);
    }
}
