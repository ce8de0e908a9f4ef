package dev.cdcpipeline.watcher.capture;

import dev.cdcpipeline.model.Namespace;

import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What is watched: everything that an include pattern matches and no exclude pattern does. The
 * scope is opened as one change stream at the narrowest {@link StreamTarget} that covers it, and
 * what the target has beyond the scope is filtered by a {@code $match} on {@code ns.db} and {@code
 * ns.coll}, which the server evaluates on the oplog entry itself.
 *
 * <p>Immutable. A pattern may match nothing yet.
 */
public final class Scope {
    private final List<ScopePattern> include;
    private final List<ScopePattern> exclude;

    private Scope(List<ScopePattern> include, List<ScopePattern> exclude) {
        this.include = include;
        this.exclude = exclude;
    }

    /**
     * Makes a scope of patterns {@code database.collection}, each side exact or with {@code *}.
     *
     * @throws IllegalArgumentException when there is no include pattern or a pattern is malformed
     */
    public static Scope of(List<String> include, List<String> exclude) {
        if (include.isEmpty()) {
            throw new IllegalArgumentException(
                    "no include pattern, for example shop.* or shop.orders");
        }
        return new Scope(parse(include), parse(exclude));
    }

    private static List<ScopePattern> parse(List<String> patterns) {
        return patterns.stream().map(String::strip).map(ScopePattern::parse).distinct().toList();
    }

    /** Whether a collection is in the scope. */
    public boolean covers(Namespace namespace) {
        return include.stream().anyMatch(p -> p.matches(namespace))
                && exclude.stream().noneMatch(p -> p.matches(namespace));
    }

    /**
     * Returns whether a collection is one that MongoDB makes and renames or drops by itself, as
     * {@code $out} does. What happens in it is nobody's business, even where a pattern matches its
     * name, unless one is its very name.
     */
    public boolean isTemporary(Namespace namespace) {
        return TemporaryCollection.is(namespace)
                && include.stream().noneMatch(p -> p.exactCollection() && p.matches(namespace));
    }

    /**
     * Returns whether a rename gives a collection other documents under its name, or takes them
     * away. Resharding renames a copy with the same ones.
     */
    public static boolean replacesContent(Namespace renamed) {
        return !TemporaryCollection.isOfResharding(renamed);
    }

    /** The narrowest target that has the whole scope. */
    public StreamTarget target() {
        ScopePattern first = include.getFirst();
        if (!include.stream()
                .allMatch(p -> p.exactDatabase() && p.database().equals(first.database()))) {
            return new StreamTarget.Cluster();
        }
        if (include.size() == 1 && first.exactCollection()) {
            return new StreamTarget.Collection(first.database(), first.collection());
        }
        return new StreamTarget.Database(first.database());
    }

    /**
     * The {@code $match} that narrows the target to the scope; null when the target is the scope.
     */
    public @Nullable BsonDocument match() {
        if (exclude.isEmpty() && targetIsScope()) {
            return null;
        }
        BsonArray either = new BsonArray();
        either.addAll(within("ns"));
        within("to")
                .forEach(to -> either.add(to.append("operationType", new BsonString("rename"))));
        include.stream()
                .map(
                        p ->
                                p.databasePredicate("ns")
                                        .append("operationType", new BsonString("dropDatabase")))
                .distinct()
                .forEach(either::add);
        either.add(new BsonDocument("operationType", new BsonString("invalidate")));
        return new BsonDocument("$match", new BsonDocument("$or", either));
    }

    private boolean targetIsScope() {
        return switch (target()) {
            case StreamTarget.Collection c -> true;
            case StreamTarget.Database d -> include.stream().anyMatch(ScopePattern::wholeDatabase);
            case StreamTarget.Cluster c ->
                    include.stream().anyMatch(p -> p.wholeDatabase() && p.database().equals("*"));
        };
    }

    /**
     * Predicates, one of which is true for an event whose namespace in this field is in the scope.
     */
    private List<BsonDocument> within(String field) {
        BsonArray excluded = new BsonArray();
        exclude.forEach(p -> excluded.add(p.predicate(field)));
        List<BsonDocument> predicates = new ArrayList<>();
        for (BsonDocument predicate : includePredicates(field)) {
            predicates.add(excluded.isEmpty() ? predicate : predicate.append("$nor", excluded));
        }
        return predicates;
    }

    /** Exact collections of one database become one {@code $in}. */
    private List<BsonDocument> includePredicates(String field) {
        Map<String, BsonArray> exact = new TreeMap<>();
        List<BsonDocument> predicates = new ArrayList<>();
        for (ScopePattern pattern : include) {
            if (pattern.exactDatabase() && pattern.exactCollection()) {
                exact.computeIfAbsent(pattern.database(), d -> new BsonArray())
                        .add(new BsonString(pattern.collection()));
            } else {
                predicates.add(pattern.predicate(field));
            }
        }
        exact.forEach(
                (database, collections) ->
                        predicates.add(
                                new BsonDocument(field + ".db", new BsonString(database))
                                        .append(
                                                field + ".coll",
                                                new BsonDocument("$in", collections))));
        return predicates;
    }

    /** The scope as text in a fixed order, to recognise it again. */
    public String canonical() {
        return Stream.concat(
                        include.stream().map(p -> "+" + p).sorted(),
                        exclude.stream().map(p -> "-" + p).sorted())
                .reduce((a, b) -> a + " " + b)
                .orElseThrow();
    }

    @Override
    public String toString() {
        return canonical();
    }
}
