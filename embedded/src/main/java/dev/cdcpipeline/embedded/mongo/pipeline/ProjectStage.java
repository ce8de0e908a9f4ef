package dev.cdcpipeline.embedded.mongo.pipeline;

import de.bwaldvogel.mongo.backend.Missing;
import de.bwaldvogel.mongo.backend.Utils;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.MongoServerError;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/** {@code $project}: includes, excludes or computes fields, by dotted path or nested. */
final class ProjectStage implements DocumentStage {

    private final SequencedMap<String, @Nullable Object> fields = new LinkedHashMap<>();
    private final boolean inclusive;

    ProjectStage(Document specification) {
        if (specification.isEmpty()) {
            throw new MongoServerError(
                    51272,
                    "Invalid $project :: caused by :: projection specification must have at"
                            + " least one field");
        }
        flatten("", specification);
        this.inclusive = isInclusive();
    }

    private void flatten(String prefix, Document specification) {
        for (Map.Entry<String, Object> field : specification.entrySet()) {
            if (field.getValue() instanceof Document nested && !Expressions.isOperator(nested)) {
                flatten(prefix + field.getKey() + ".", nested);
            } else {
                fields.put(prefix + field.getKey(), field.getValue());
            }
        }
    }

    private boolean isInclusive() {
        boolean includes = false;
        boolean excludes = false;
        for (Map.Entry<String, @Nullable Object> field : fields.entrySet()) {
            if (!field.getKey().equals("_id")) {
                includes |= !isFlag(field.getValue()) || Utils.isTrue(field.getValue());
                excludes |= isFlag(field.getValue()) && !Utils.isTrue(field.getValue());
            }
        }
        if (includes && excludes) {
            throw new MongoServerError(
                    31254,
                    "Invalid $project :: caused by :: Cannot do exclusion in inclusion projection");
        }
        return includes || (!excludes && Utils.isTrue(fields.get("_id")));
    }

    private static boolean isFlag(@Nullable Object value) {
        return value instanceof Number || value instanceof Boolean;
    }

    @Override
    public Document apply(Document document) {
        return inclusive ? include(document) : exclude(document);
    }

    private Document exclude(Document document) {
        Document result = document.cloneDeeply();
        for (Map.Entry<String, @Nullable Object> field : fields.entrySet()) {
            if (!Utils.isTrue(field.getValue())) {
                FieldPaths.remove(result, field.getKey());
            }
        }
        return result;
    }

    private Document include(Document document) {
        Document result = new Document();
        if (!fields.containsKey("_id")) {
            FieldPaths.copy(document, result, "_id");
        }
        for (Map.Entry<String, @Nullable Object> field : fields.entrySet()) {
            if (!isFlag(field.getValue())) {
                Object value = Expressions.evaluate(field.getValue(), document);
                if (!(value instanceof Missing)) {
                    FieldPaths.set(result, field.getKey(), value);
                }
            } else if (Utils.isTrue(field.getValue())) {
                FieldPaths.copy(document, result, field.getKey());
            }
        }
        return result;
    }
}
