package dev.cdcpipeline.embedded.mongo.pipeline;

import de.bwaldvogel.mongo.backend.Utils;
import de.bwaldvogel.mongo.backend.aggregation.Expression;
import de.bwaldvogel.mongo.bson.Document;

import org.jspecify.annotations.Nullable;

/**
 * Aggregation expressions: mongo-java-server's, except that data is never taken for an expression.
 */
final class Expressions {

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
        return Expression.evaluateDocument(expression, document);
    }
}
