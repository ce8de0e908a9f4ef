package dev.cdcpipeline.embedded.mongo.pipeline;

import de.bwaldvogel.mongo.backend.DefaultQueryMatcher;
import de.bwaldvogel.mongo.backend.Missing;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.MongoServerError;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A stage that looks at one document at a time: keeps it, drops it or makes another of it. */
@FunctionalInterface
public interface DocumentStage {

    Set<String> NAMES =
            Set.of(
                    "$match",
                    "$project",
                    "$addFields",
                    "$set",
                    "$unset",
                    "$replaceRoot",
                    "$replaceWith",
                    "$redact");

    /**
     * Runs the stage on one document.
     *
     * @param document never changed
     * @return the result, null when the document is dropped
     */
    @Nullable Document apply(Document document);

    /** Compiles one of {@link #NAMES}. */
    static DocumentStage compile(String name, @Nullable Object specification) {
        return switch (name) {
            case "$match" -> match(asDocument(name, specification));
            case "$project" -> new ProjectStage(asDocument(name, specification));
            case "$addFields", "$set" -> addFields(asDocument(name, specification));
            case "$unset" -> unset(specification);
            case "$replaceRoot" -> replaceRoot(asDocument(name, specification).get("newRoot"));
            case "$replaceWith" -> replaceRoot(specification);
            case "$redact" -> new RedactStage(specification);
            default ->
                    throw new IllegalArgumentException("Not a stage of single documents: " + name);
        };
    }

    private static Document asDocument(String name, @Nullable Object specification) {
        if (specification instanceof Document document) {
            return document;
        }
        throw new MongoServerError(
                15959, "the " + name + " filter must be an expression in an object");
    }

    private static DocumentStage match(Document filter) {
        DefaultQueryMatcher matcher = new DefaultQueryMatcher();
        FilterCheck.check(filter);
        return document -> matcher.matches(document, filter) ? document : null;
    }

    private static DocumentStage addFields(Document fields) {
        return document -> {
            Document result = document.cloneDeeply();
            for (Map.Entry<String, Object> field : fields.entrySet()) {
                addField(result, field.getKey(), field.getValue(), document);
            }
            return result;
        };
    }

    private static void addField(
            Document result, String path, @Nullable Object expression, Document document) {
        if (expression instanceof Document nested
                && !Expressions.isOperator(nested)
                && !nested.isEmpty()) {
            nested.forEach((name, inner) -> addField(result, path + "." + name, inner, document));
            return;
        }
        Object value = Expressions.evaluate(expression, document);
        if (!(value instanceof Missing)) {
            FieldPaths.set(result, path, value);
        }
    }

    private static DocumentStage unset(@Nullable Object specification) {
        Collection<?> paths =
                specification instanceof Collection<?> many
                        ? many
                        : List.of(String.valueOf(specification));
        return document -> {
            Document result = document.cloneDeeply();
            paths.forEach(path -> FieldPaths.remove(result, (String) path));
            return result;
        };
    }

    private static DocumentStage replaceRoot(@Nullable Object expression) {
        return document -> {
            Object root = Expressions.evaluate(expression, document);
            if (root instanceof Document result) {
                return result;
            }
            throw new MongoServerError(
                    40228,
                    "'newRoot' expression must evaluate to an object, but resulting value was of another type. Input"
                            + " document: "
                            + document.keySet());
        };
    }
}
