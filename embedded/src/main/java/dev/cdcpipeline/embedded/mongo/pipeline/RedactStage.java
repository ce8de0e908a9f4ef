package dev.cdcpipeline.embedded.mongo.pipeline;

import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.MongoServerError;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** {@code $redact}: keeps or prunes a document, or descends into the documents in it. */
final class RedactStage implements DocumentStage {

    private final @Nullable Object expression;

    RedactStage(@Nullable Object expression) {
        this.expression = expression;
    }

    @Override
    public @Nullable Document apply(Document document) {
        Object decision = Expressions.evaluate(expression, document);
        return switch (String.valueOf(decision)) {
            case "$$KEEP" -> document;
            case "$$PRUNE" -> null;
            case "$$DESCEND" -> descend(document);
            default ->
                    throw new MongoServerError(
                            17053,
                            "$redact's expression should not return anything aside from $$KEEP, $$PRUNE and $$DESCEND");
        };
    }

    private Document descend(Document document) {
        Document result = new Document();
        for (Map.Entry<String, Object> field : document.entrySet()) {
            switch (field.getValue()) {
                case Document nested -> {
                    Document kept = apply(nested);
                    if (kept != null) {
                        result.put(field.getKey(), kept);
                    }
                }
                case Collection<?> array -> result.put(field.getKey(), descend(array));
                case null, default -> result.put(field.getKey(), field.getValue());
            }
        }
        return result;
    }

    private List<@Nullable Object> descend(Collection<?> array) {
        List<@Nullable Object> result = new ArrayList<>();
        for (Object element : array) {
            switch (element) {
                case Document nested -> {
                    Document kept = apply(nested);
                    if (kept != null) {
                        result.add(kept);
                    }
                }
                case Collection<?> inner -> result.add(descend(inner));
                case null, default -> result.add(element);
            }
        }
        return result;
    }
}
