package dev.cdcpipeline.embedded.mongo.changestream;

import de.bwaldvogel.mongo.backend.Utils;
import de.bwaldvogel.mongo.bson.BsonTimestamp;
import de.bwaldvogel.mongo.bson.Document;

import dev.cdcpipeline.embedded.mongo.wire.CommandError;

import org.jspecify.annotations.Nullable;

import java.util.Set;

/**
 * The {@code $changeStream} stage's own document, checked as the server checks it.
 *
 * <p>See https://www.mongodb.com/docs/manual/reference/operator/aggregation/changeStream/.
 *
 * @param fullDocument default, updateLookup, whenAvailable or required
 * @param fullDocumentBeforeChange off, whenAvailable or required
 * @param start where the stream begins
 * @param expandedEvents whether changes to the catalog are shown
 */
record ChangeStreamOptions(
        String fullDocument, String fullDocumentBeforeChange, Start start, boolean expandedEvents) {

    /** Where a stream begins. */
    sealed interface Start {}

    record Now() implements Start {}

    record At(BsonTimestamp time) implements Start {}

    /**
     * @param document the token as the client gave it
     * @param allowInvalidate whether it may be that of an invalidate event ({@code startAfter})
     */
    record After(Document document, ResumeToken token, boolean allowInvalidate) implements Start {}

    private static final Set<String> KNOWN =
            Set.of(
                    "fullDocument",
                    "resumeAfter",
                    "startAfter",
                    "startAtOperationTime",
                    "allChangesForCluster",
                    "allowToRunOnConfigDB",
                    "allowToRunOnSystemNS",
                    "showMigrationEvents");
    private static final Set<String> KNOWN_FROM_SIX =
            Set.of(
                    "fullDocumentBeforeChange",
                    "showExpandedEvents",
                    "showSystemEvents",
                    "showRawUpdateDescription");

    static ChangeStreamOptions parse(Document stage, ServerFeatures features) {
        boolean six = features.wallTime();
        for (String option : stage.keySet()) {
            if (!KNOWN.contains(option) && !(six && KNOWN_FROM_SIX.contains(option))) {
                throw new CommandError(
                        40415,
                        "Location40415",
                        "BSON field '$changeStream." + option + "' is an unknown field.");
            }
        }
        Set<String> modes =
                six
                        ? Set.of("default", "updateLookup", "whenAvailable", "required")
                        : Set.of("default", "updateLookup");
        String fullDocument = choice(stage, "fullDocument", "default", modes, six);
        String before =
                choice(
                        stage,
                        "fullDocumentBeforeChange",
                        "off",
                        Set.of("off", "whenAvailable", "required"),
                        six);
        return new ChangeStreamOptions(
                fullDocument, before, start(stage), Utils.isTrue(stage.get("showExpandedEvents")));
    }

    private static String choice(
            Document stage, String option, String otherwise, Set<String> allowed, boolean six) {
        Object value = stage.get(option);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof String choice && allowed.contains(choice)) {
            return choice;
        }
        if (six) {
            throw new CommandError(
                    2,
                    "BadValue",
                    "Enumeration value '%s' for field '$changeStream.%s' is not a valid value."
                            .formatted(value, option));
        }
        throw new CommandError(
                40575,
                "Location40575",
                "unrecognized value for the 'fullDocument' option to the $changeStream stage. Expected \"default\" or"
                        + " \"updateLookup\", got \""
                        + value
                        + "\"");
    }

    private static Start start(Document stage) {
        Document resumeAfter = token(stage, "resumeAfter");
        Document startAfter = token(stage, "startAfter");
        BsonTimestamp time = time(stage.get("startAtOperationTime"));
        if (resumeAfter != null && startAfter != null) {
            throw new CommandError(
                    50865,
                    "Location50865",
                    "Do not specify both 'resumeAfter' and 'startAfter' in a $changeStream stage");
        }
        Document token = resumeAfter != null ? resumeAfter : startAfter;
        if (token != null && time != null) {
            throw new CommandError(
                    40674,
                    "Location40674",
                    "Only one type of resume option is allowed, but multiple were found.");
        }
        if (time != null) {
            return new At(time);
        }
        return token == null ? new Now() : after(token, startAfter != null);
    }

    private static @Nullable BsonTimestamp time(@Nullable Object value) {
        if (value != null && !(value instanceof BsonTimestamp)) {
            throw mismatch("startAtOperationTime", "timestamp");
        }
        return (BsonTimestamp) value;
    }

    private static @Nullable Document token(Document stage, String option) {
        Object value = stage.get(option);
        if (value != null && !(value instanceof Document)) {
            throw mismatch(option, "object");
        }
        return (Document) value;
    }

    private static CommandError mismatch(String option, String expected) {
        return new CommandError(
                14,
                "TypeMismatch",
                "BSON field '$changeStream.%s' is the wrong type, expected type '%s'"
                        .formatted(option, expected));
    }

    private static After after(Document document, boolean startAfter) {
        ResumeToken token = ResumeToken.parse(document);
        if (token.fromInvalidate() && !startAfter) {
            throw new CommandError(
                    260,
                    "InvalidResumeToken",
                    "Attempting to resume a change stream using 'resumeAfter' is not allowed from an invalidate"
                            + " notification.");
        }
        return new After(document, token, startAfter);
    }
}
