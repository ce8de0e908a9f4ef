package dev.cdcpipeline.embedded.mongo.changestream;

import de.bwaldvogel.mongo.bson.Document;

import dev.cdcpipeline.embedded.mongo.pipeline.DocumentStage;
import dev.cdcpipeline.embedded.mongo.pipeline.Pipelines;
import dev.cdcpipeline.embedded.mongo.storage.BsonOrder;
import dev.cdcpipeline.embedded.mongo.wire.CommandError;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * The stages after {@code $changeStream}: only those that work on one event and let its {@code _id}
 * be.
 */
final class EventPipeline {

    private static final String SPLIT = "$changeStreamSplitLargeEvent";

    private final List<DocumentStage> stages = new ArrayList<>();
    private boolean splitsLargeEvents;

    EventPipeline(List<Document> specifications, ServerFeatures features) {
        for (int i = 0; i < specifications.size(); i++) {
            Document specification = specifications.get(i);
            String name = Pipelines.name(specification);
            if (name.equals(SPLIT) && features.wallTime()) {
                checkLast(i == specifications.size() - 1);
                splitsLargeEvents = true;
            } else if (name.equals(SPLIT)) {
                throw Pipelines.unrecognized(name);
            } else if (DocumentStage.NAMES.contains(name)) {
                stages.add(DocumentStage.compile(name, specification.get(name)));
            } else {
                throw new CommandError(
                        20,
                        "IllegalOperation",
                        name + " is not permitted in a $changeStream pipeline");
            }
        }
    }

    private static void checkLast(boolean last) {
        if (!last) {
            throw new CommandError(
                    7182802, "Location7182802", SPLIT + " must be the last stage in the pipeline");
        }
    }

    boolean splitsLargeEvents() {
        return splitsLargeEvents;
    }

    /**
     * The event as the stages leave it, null when they drop it.
     *
     * @throws CommandError when they changed the event's {@code _id}
     */
    @Nullable Document apply(Document event) {
        Document result = event;
        for (DocumentStage stage : stages) {
            result = stage.apply(result);
            if (result == null) {
                return null;
            }
        }
        if (!stages.isEmpty() && !BsonOrder.identical(event.get("_id"), result.get("_id"))) {
            throw modified(event, result);
        }
        return result;
    }

    private static CommandError modified(Document event, Document result) {
        String found =
                result.containsKey("_id")
                        ? new Document("_id", result.get("_id")).toString(true)
                        : "{}";
        return new CommandError(
                280,
                "ChangeStreamFatalError",
                "Encountered an event whose _id field, which contains the resume token, was modified by the pipeline."
                        + " Modifying the _id field of an event makes it impossible to resume the stream from that"
                        + " point. Only transformations that retain the unmodified _id field are allowed. Expected: "
                        + new Document("_id", event.get("_id")).toString(true)
                        + " but found: "
                        + found,
                CommandError.NON_RESUMABLE);
    }
}
