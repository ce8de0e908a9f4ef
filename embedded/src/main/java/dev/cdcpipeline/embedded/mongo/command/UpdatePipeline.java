package dev.cdcpipeline.embedded.mongo.command;

import de.bwaldvogel.mongo.bson.Document;

import dev.cdcpipeline.embedded.mongo.pipeline.DocumentStage;
import dev.cdcpipeline.embedded.mongo.pipeline.Pipelines;
import dev.cdcpipeline.embedded.mongo.wire.CommandError;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** The aggregation stages that an update may be made of. */
final class UpdatePipeline {

    private static final Set<String> ALLOWED =
            Set.of("$addFields", "$set", "$project", "$unset", "$replaceRoot", "$replaceWith");

    private UpdatePipeline() {}

    static UnaryOperator<Document> compile(Collection<?> pipeline) {
        List<DocumentStage> stages = new ArrayList<>();
        for (Document stage : Pipelines.parse(pipeline)) {
            String name = Pipelines.name(stage);
            if (!ALLOWED.contains(name)) {
                throw new CommandError(
                        72, "InvalidOptions", name + " is not allowed to be used within an update");
            }
            stages.add(DocumentStage.compile(name, stage.get(name)));
        }
        return document -> {
            Document result = document;
            for (DocumentStage stage : stages) {
                Document next = stage.apply(result);
                result = next == null ? result : next;
            }
            return result;
        };
    }
}
