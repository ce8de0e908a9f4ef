package dev.cdcpipeline.embedded.mongo.pipeline;

import de.bwaldvogel.mongo.backend.Missing;
import de.bwaldvogel.mongo.backend.Utils;
import de.bwaldvogel.mongo.backend.aggregation.Expression;
import de.bwaldvogel.mongo.bson.Document;

import dev.cdcpipeline.embedded.mongo.wire.Fields;

import org.jspecify.annotations.Nullable;

import java.util.Set;

/**
 * Aggregation expressions: mongo-java-server's, except that data is never taken for an expression.
 */
final class Expressions {

    private static final Set<String> FIELD_OPERATORS =
            Set.of("$getField", "$setField", "$unsetField");

    private Expressions() {}

    static boolean isOperator(Document expression) {
        return !expression.isEmpty() && expression.keySet().iterator().next().startsWith("$");
    }

    static @Nullable Object evaluate(@Nullable Object expression, Document document) {
        if (expression instanceof String path && path.startsWith("$") && !path.startsWith("$$")) {
            return Utils.getSubdocumentValueCollectionAware(document, path.substring(1));
        }
        if ("$$ROOT".equals(expression) || "$$CURRENT".equals(expression)) {
            return document;
        }
        if (expression instanceof Document operator && operator.containsKey("$literal")) {
            return operator.get("$literal");
        }
        if (expression instanceof Document operator && operator.size() == 1) {
            String name = operator.keySet().iterator().next();
            if (operator.get(name) instanceof Document arguments
                    && FIELD_OPERATORS.contains(name)) {
                return fieldOperator(name, arguments, document);
            }
        }
        return Expression.evaluateDocument(expression, document);
    }

    /** The operators that reach fields whose names contain dots or dollars. */
    private static @Nullable Object fieldOperator(
            String name, Document arguments, Document document) {
        String field = Fields.text(arguments, "field");
        Object input = evaluate(arguments.getOrDefault("input", "$$CURRENT"), document);
        if (!(input instanceof Document owner)) {
            return input;
        }
        if (name.equals("$getField")) {
            return owner.getOrMissing(field);
        }
        Document result = owner.cloneDeeply();
        Object value =
                name.equals("$setField") ? evaluate(arguments.get("value"), document) : "$$REMOVE";
        if (value instanceof Missing || "$$REMOVE".equals(value)) {
            result.remove(field);
        } else {
            result.put(field, value);
        }
        return result;
    }
}
