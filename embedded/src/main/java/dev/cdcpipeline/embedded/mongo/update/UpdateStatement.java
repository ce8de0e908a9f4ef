package dev.cdcpipeline.embedded.mongo.update;

import de.bwaldvogel.mongo.backend.DefaultQueryMatcher;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.MongoServerError;

import dev.cdcpipeline.embedded.mongo.oplog.UpdateDescription;
import dev.cdcpipeline.embedded.mongo.storage.BsonOrder;
import dev.cdcpipeline.embedded.mongo.storage.ObjectIds;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * One parsed update: modifiers, a replacement, or an aggregation pipeline. Immutable.
 *
 * <p>See https://www.mongodb.com/docs/manual/reference/command/update/.
 */
public final class UpdateStatement {

    /** What an update makes of a document. */
    public sealed interface Outcome {}

    /** The document stays as it is; no event. */
    public record Unchanged() implements Outcome {}

    public record Updated(Document document, UpdateDescription description) implements Outcome {}

    public record Replaced(Document document) implements Outcome {}

    private sealed interface Form {}

    private record Modify(Modifiers modifiers) implements Form {}

    private record Replacement(Document document) implements Form {}

    private record Pipeline(UnaryOperator<Document> stages) implements Form {}

    private final Form form;
    private final boolean describesByDiff;

    private UpdateStatement(Form form, boolean describesByDiff) {
        this.form = form;
        this.describesByDiff = describesByDiff;
    }

    /**
     * Parses an update.
     *
     * @param update the update's document or pipeline
     * @param arrayFilters the filters for {@code $[identifier]}
     * @param runner turns a pipeline into a function on documents
     * @param describesByDiff whether the server is 5.0 or later, which logs updates as differences
     * @param now the time for {@code $currentDate}
     */
    public static UpdateStatement parse(
            @Nullable Object update,
            List<Document> arrayFilters,
            PipelineRunner runner,
            boolean describesByDiff,
            Instant now) {
        return new UpdateStatement(
                switch (update) {
                    case Document document when isModifiers(document) ->
                            new Modify(new Modifiers(document, arrayFilters, describesByDiff, now));
                    case Document document -> new Replacement(checkNoModifiers(document));
                    case Collection<?> pipeline -> new Pipeline(runner.compile(pipeline));
                    case null, default ->
                            throw new MongoServerError(
                                    9,
                                    "FailedToParse",
                                    "Update argument must be either an object or an array");
                },
                describesByDiff);
    }

    /** Compiles an update's aggregation pipeline. */
    @FunctionalInterface
    public interface PipelineRunner {
        UnaryOperator<Document> compile(Collection<?> pipeline);
    }

    private static boolean isModifiers(Document update) {
        return !update.isEmpty() && update.keySet().iterator().next().startsWith("$");
    }

    private static Document checkNoModifiers(Document replacement) {
        for (String name : replacement.keySet()) {
            if (name.startsWith("$")) {
                throw new MongoServerError(
                        52,
                        "DollarPrefixedFieldName",
                        "The dollar ($) prefixed field '"
                                + name
                                + "' in '"
                                + name
                                + "' is not valid for storage.");
            }
        }
        return replacement;
    }

    /** Whether it replaces whole documents, which {@code multi} does not allow. */
    public boolean isReplacement() {
        return form instanceof Replacement;
    }

    /**
     * What it makes of a document that matched.
     *
     * @param query the query that matched, for the positional operator
     */
    public Outcome apply(Document before, Document query) {
        return switch (form) {
            case Modify modify -> {
                Document after = before.cloneDeeply();
                Integer matched = new DefaultQueryMatcher().matchPosition(before, query);
                UpdateDescription description = modify.modifiers().apply(after, matched, false);
                checkId(before, after);
                yield description.isEmpty() ? new Unchanged() : new Updated(after, description);
            }
            case Replacement replacement -> {
                Document after = withId(before.get("_id"), replacement.document());
                checkId(before, after);
                // A server compares with the replacement as it was sent: one without an _id is
                // written even when nothing else differs.
                yield BsonOrder.identical(before, replacement.document())
                        ? new Unchanged()
                        : new Replaced(after);
            }
            case Pipeline pipeline -> {
                Document after = withId(before.get("_id"), pipeline.stages().apply(before));
                checkId(before, after);
                yield byDifference(before, after);
            }
        };
    }

    private Outcome byDifference(Document before, Document after) {
        if (BsonOrder.identical(before, after)) {
            return new Unchanged();
        }
        UpdateDescription difference =
                describesByDiff ? UpdateDescriptionDiff.between(before, after) : null;
        return difference == null ? new Replaced(after) : new Updated(after, difference);
    }

    private static Document withId(@Nullable Object id, Document document) {
        Document result = new Document("_id", id);
        result.putAll(document);
        return result;
    }

    private static void checkId(Document before, Document after) {
        if (!after.containsKey("_id")
                || BsonOrder.INSTANCE.compare(before.get("_id"), after.get("_id")) != 0) {
            throw new MongoServerError(
                    66,
                    "ImmutableField",
                    "Performing an update on the path '_id' would modify the immutable field '_id'");
        }
    }

    /** The document that an upsert inserts when nothing matched. */
    public Document upserted(Document query) {
        Document document = new Document();
        equalities(query, document);
        document =
                switch (form) {
                    case Modify modify -> {
                        modify.modifiers().apply(document, null, true);
                        yield document;
                    }
                    case Replacement replacement -> {
                        Document replaced = new Document();
                        if (document.containsKey("_id")) {
                            replaced.put("_id", document.get("_id"));
                        }
                        replaced.putAll(replacement.document());
                        yield replaced;
                    }
                    case Pipeline pipeline -> pipeline.stages().apply(document);
                };
        document.putIfAbsent("_id", ObjectIds.next());
        return document;
    }

    /** The fields that the query asks to be equal to something. */
    private static void equalities(Document query, Document into) {
        for (Map.Entry<String, Object> condition : query.entrySet()) {
            Object value = condition.getValue();
            if (condition.getKey().equals("$and") && value instanceof Collection<?> clauses) {
                clauses.forEach(clause -> equalities((Document) clause, into));
            }
            if (condition.getKey().startsWith("$")) {
                continue;
            }
            if (value instanceof Document operators && operators.containsKey("$eq")) {
                Paths.set(into, Paths.split(condition.getKey()), operators.get("$eq"));
            } else if (!(value instanceof Document operators) || !isModifiers(operators)) {
                Paths.set(into, Paths.split(condition.getKey()), value);
            }
        }
    }
}
