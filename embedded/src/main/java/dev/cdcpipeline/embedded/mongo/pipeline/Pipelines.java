package dev.cdcpipeline.embedded.mongo.pipeline;

import de.bwaldvogel.mongo.bson.Document;

import dev.cdcpipeline.embedded.mongo.wire.CommandError;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** Reads pipelines and checks their stages' names. */
public final class Pipelines {

    private static final Set<String> OTHER_STAGES =
            Set.of(
                    "$bucket",
                    "$bucketAuto",
                    "$collStats",
                    "$count",
                    "$currentOp",
                    "$densify",
                    "$documents",
                    "$facet",
                    "$fill",
                    "$geoNear",
                    "$graphLookup",
                    "$group",
                    "$indexStats",
                    "$limit",
                    "$listSessions",
                    "$lookup",
                    "$merge",
                    "$out",
                    "$sample",
                    "$setWindowFields",
                    "$skip",
                    "$sort",
                    "$sortByCount",
                    "$unionWith",
                    "$unwind",
                    "$changeStream",
                    "$changeStreamSplitLargeEvent");

    private Pipelines() {}

    /** The stages of a pipeline, each a document of one field with a known name. */
    public static List<Document> parse(@Nullable Object pipeline) {
        if (!(pipeline instanceof Collection<?> elements)) {
            throw new CommandError(
                    14, "TypeMismatch", "'pipeline' option must be specified as an array");
        }
        List<Document> stages = new ArrayList<>();
        for (Object element : elements) {
            if (!(element instanceof Document stage)) {
                throw new CommandError(
                        14,
                        "TypeMismatch",
                        "Each element of the 'pipeline' array must be an object");
            }
            if (stage.size() != 1) {
                throw new CommandError(
                        40323,
                        "Location40323",
                        "A pipeline stage specification object must contain exactly one field.");
            }
            checkKnown(name(stage));
            stages.add(stage);
        }
        return stages;
    }

    private static void checkKnown(String name) {
        if (!DocumentStage.NAMES.contains(name) && !OTHER_STAGES.contains(name)) {
            throw unrecognized(name);
        }
    }

    public static CommandError unrecognized(String name) {
        return new CommandError(
                40324, "Location40324", "Unrecognized pipeline stage name: '" + name + "'");
    }

    /** The name of a parsed stage. */
    public static String name(Document stage) {
        return stage.keySet().iterator().next();
    }
}
