package dev.cdcpipeline.embedded.mongo.contract;

import static dev.cdcpipeline.embedded.mongo.contract.Bson.doc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.embedded.mongo.contract.Recording.Result;

import org.bson.BsonBinary;
import org.bson.BsonBinarySubType;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonTimestamp;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * What a server of a given version is to say where a 4.2 server said what was recorded. The
 * differences are those that MongoDB documents: the release notes and the pages of the change
 * events.
 */
final class RecordedExpectation {

    private static final Map<String, String> STAGING =
            Map.of(
                    "^tmp.{5}\\.renameCollection$", "tmp?????.renameCollection",
                    "^tmp.{5}\\.convertToCapped\\.items$", "tmp?????.convertToCapped.items",
                    "^tmp\\.agg_out\\..+$", "tmp.agg_out.?");

    private final Recording recording;
    private final ServerVersion version;
    private final UnaryOperator<String> rename;

    RecordedExpectation(Recording recording, ServerVersion version, UnaryOperator<String> rename) {
        this.recording = recording;
        this.version = version;
        this.rename = rename;
    }

    /** Compares what a stream returned with what was recorded. */
    void check(String what, Result recorded, Result actual) {
        assertThat(comparable(actual.events(), false))
                .as("events of " + what)
                .containsExactlyElementsOf(comparable(recorded.events(), true));
        BsonTimestamp before = new BsonTimestamp(0);
        for (BsonDocument event : actual.events()) {
            BsonTimestamp time = event.getTimestamp("clusterTime");
            assertThat(time).as("clusterTime of " + what).isGreaterThanOrEqualTo(before);
            assertThat(Tokens.clusterTime(event.getDocument("_id"))).isEqualTo(time);
            before = time;
        }
        checkError(what, recorded.error(), actual.error());
        assertThat(actual.hasPostBatchResumeToken())
                .as("postBatchResumeToken of " + what)
                .isEqualTo(recorded.hasPostBatchResumeToken());
        assertThat(actual.closedByServer())
                .as("cursor closed by the server, " + what)
                .isEqualTo(recorded.closedByServer());
    }

    /** Compares the outcome of a command; writes that fail in part are {@code ok} here. */
    void checkOutcome(BsonDocument command, BsonDocument recorded, BsonDocument actual) {
        // From 7.0 on, to drop a collection that is not there is no error (SERVER-43894).
        boolean dropOfNothing = command.containsKey("drop") && recorded.containsKey("error");
        if (dropOfNothing && version.atLeast(7, 0)) {
            assertThat(actual).isEqualTo(doc("{ok: 1}"));
        } else if (dropOfNothing && version.atLeast(5, 0)) {
            assertThat(actual.isNumber("ok") || code(actual.getDocument("error")) == 26).isTrue();
        } else if (recorded.containsKey("error")) {
            checkError(command.toJson(), recorded.getDocument("error"), orNull(actual));
        } else {
            assertThat(actual).as(command.toJson()).isEqualTo(recorded);
        }
    }

    private static @Nullable BsonDocument orNull(BsonDocument outcome) {
        return outcome.containsKey("error") ? outcome.getDocument("error") : null;
    }

    private void checkError(
            String what, @Nullable BsonDocument recorded, @Nullable BsonDocument actual) {
        if (recorded == null || actual == null) {
            assertThat(actual).as("error of " + what).isEqualTo(recorded);
            return;
        }
        assertThat(code(actual)).as("error code of %s: %s", what, actual).isIn(codes(recorded));
        if (code(actual) == code(recorded) && recorded.containsKey("codeName")) {
            assertThat(name(actual)).as("error name of " + what).isIn(names(recorded));
        }
        if (recorded.containsKey("errorLabels")) {
            // ResumableChangeStreamError came with 4.4; NonResumable... stayed (SERVER-46104).
            assertThat(actual.getArray("errorLabels"))
                    .as("error labels of " + what)
                    .isEqualTo(recorded.getArray("errorLabels"));
        }
    }

    /** An unknown {@code fullDocument} is a bad enumeration value since the option is one (5.0). */
    private Set<Integer> codes(BsonDocument recorded) {
        int code = code(recorded);
        return code == 40575 && version.atLeast(4, 4) ? Set.of(40575, 2) : Set.of(code);
    }

    /** Code 40415 got a name, IDLUnknownField, in a later release. */
    private Set<String> names(BsonDocument recorded) {
        return code(recorded) == 40415 && version.atLeast(4, 4)
                ? Set.of("Location40415", "IDLUnknownField")
                : Set.of(name(recorded));
    }

    private static int code(BsonDocument error) {
        return error.getInt32("code").getValue();
    }

    private static String name(BsonDocument error) {
        return error.getString("codeName").getValue();
    }

    private List<BsonDocument> comparable(List<BsonDocument> events, boolean recorded) {
        List<BsonDocument> all = new ArrayList<>();
        for (BsonDocument event : events) {
            // Servers after 4.3 may show the copying into the staging collection (SERVER-107688).
            if (!isCopyForRename(event)) {
                all.add(comparable(event, recorded));
            }
        }
        return sortDropsOfOneDatabase(all);
    }

    private boolean isCopyForRename(BsonDocument event) {
        return version.atLeast(4, 4)
                && "insert".equals(event.getString("operationType").getValue())
                && event.getDocument("ns")
                        .getString("coll")
                        .getValue()
                        .matches("^tmp.{5}\\.renameCollection$");
    }

    private BsonDocument comparable(BsonDocument event, boolean recorded) {
        BsonDocument shape = Bson.without(event, "_id", "clusterTime", "wallTime");
        BsonDocument id = Bson.without(event.getDocument("_id"), "_data");
        if (!version.atLeast(4, 4) && !id.isEmpty()) {
            shape.append("_id", id);
        }
        if (!recorded) {
            assertThat(event.isDateTime("wallTime")).isEqualTo(version.atLeast(6, 0));
        }
        for (String session : List.of("lsid", "txnNumber")) {
            shape.computeIfPresent(session, (name, value) -> BsonBoolean.TRUE);
        }
        for (String namespace : List.of("ns", "to")) {
            if (shape.containsKey(namespace)) {
                shape.put(namespace, namespace(shape.getDocument(namespace), recorded));
            }
        }
        if (recorded) {
            correctRecorderArtefact(shape);
        }
        if (shape.containsKey("updateDescription")) {
            shape.put(
                    "updateDescription",
                    description(shape.getDocument("updateDescription"), recorded));
        }
        return shape;
    }

    private BsonDocument namespace(BsonDocument namespace, boolean recorded) {
        BsonDocument copy = namespace.clone();
        if (recorded) {
            String database = copy.getString("db").getValue();
            copy.put("db", new BsonString(rename.apply(database)));
        }
        if (copy.containsKey("coll")) {
            String collection = copy.getString("coll").getValue();
            STAGING.forEach(
                    (pattern, shown) -> {
                        if (collection.matches(pattern)) {
                            copy.put("coll", new BsonString(shown));
                        }
                    });
        }
        return copy;
    }

    /** See the README beside the recording: the recorder wrote legacy UUIDs as subtype 4. */
    private static void correctRecorderArtefact(BsonDocument shape) {
        if (shape.isDocument("fullDocument")
                && shape.getDocument("fullDocument").isBinary("uuid3")) {
            BsonDocument document = shape.getDocument("fullDocument").clone();
            byte[] bytes = document.getBinary("uuid3").getData();
            document.put("uuid3", new BsonBinary(BsonBinarySubType.UUID_LEGACY, bytes));
            shape.put("fullDocument", document);
        }
    }

    /**
     * Update descriptions are made from document diffs from 5.0 on: they have {@code
     * truncatedArrays}, and a path that the update created is reported by its first new part.
     */
    private BsonDocument description(BsonDocument description, boolean recorded) {
        BsonDocument copy = description.clone();
        if (!version.atLeast(5, 0)) {
            return copy;
        }
        if (recorded && !recording.version().atLeast(4, 9)) {
            copy.append("truncatedArrays", Bson.value("[]"));
            BsonDocument fields = copy.getDocument("updatedFields").clone();
            BsonValue deep = fields.remove("n.new.deep");
            if (deep != null) {
                fields.append("n.new", new BsonDocument("deep", deep));
            }
            copy.put("updatedFields", fields);
        }
        return copy;
    }

    /** The order in which a dropped database's collections go is the server's own. */
    private static List<BsonDocument> sortDropsOfOneDatabase(List<BsonDocument> events) {
        boolean dropsDatabase = Shapes.types(events).contains("dropDatabase");
        if (!dropsDatabase) {
            return events;
        }
        int from = Shapes.types(events).indexOf("drop");
        int to = Shapes.types(events).lastIndexOf("drop") + 1;
        List<BsonDocument> drops =
                events.subList(from, to).stream()
                        .sorted(Comparator.comparing(BsonDocument::toJson))
                        .collect(Collectors.toList());
        List<BsonDocument> sorted = new ArrayList<>(events.subList(0, from));
        sorted.addAll(drops);
        sorted.addAll(events.subList(to, events.size()));
        return sorted;
    }
}
