package dev.cdcpipeline.embedded.mongo.contract;

import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * What was recorded from a real server.
 *
 * @param file one of the folder {@code mongodb-recording}
 * @param version what the server's update descriptions are like
 */
record Recording(String file, ServerVersion version) {

    /** A 4.3 development server, feature compatibility 4.2. */
    static final Recording V4_2 = new Recording("change-streams.json", new ServerVersion(4, 2));

    /** A 4.9 development server, the last before 5.0, which describes updates as 5.0 does. */
    static final Recording V4_9 = new Recording("change-streams-4.9.json", new ServerVersion(4, 9));

    /**
     * One recorded scenario.
     *
     * @param recording where it is from
     * @param name its name
     * @param setup commands before the streams open
     * @param operations commands after; empty where the name says what to do
     * @param later commands between the first read and the second
     * @param watches the streams and what they returned
     */
    record Scenario(
            Recording recording,
            String name,
            List<Operation> setup,
            List<Operation> operations,
            List<Operation> later,
            List<BsonDocument> watches) {}

    /**
     * One recorded command.
     *
     * @param database where it was sent
     * @param command the command, without what the driver adds
     * @param outcome {@code {ok: 1}} or {@code {error: {...}}}; null when it was not recorded
     */
    record Operation(String database, BsonDocument command, @Nullable BsonDocument outcome) {}

    /**
     * What a stream returned.
     *
     * @param events the events, as the server sent them
     * @param error the error that ended it, or null
     * @param hasPostBatchResumeToken whether the last reply had one
     * @param closedByServer whether the server closed the cursor
     */
    record Result(
            List<BsonDocument> events,
            @Nullable BsonDocument error,
            boolean hasPostBatchResumeToken,
            boolean closedByServer) {

        static Result of(BsonDocument recorded) {
            return new Result(
                    recorded.getArray("events").stream().map(BsonValue::asDocument).toList(),
                    recorded.containsKey("error") ? recorded.getDocument("error") : null,
                    isTrue(recorded, "hasPostBatchResumeToken"),
                    isTrue(recorded, "cursorClosedByServer"));
        }

        private static boolean isTrue(BsonDocument document, String field) {
            return document.containsKey(field) && document.getBoolean(field).getValue();
        }
    }

    List<Scenario> scenarios() {
        try (InputStream stream =
                Recording.class.getResourceAsStream("/mongodb-recording/" + file)) {
            String json =
                    new String(
                            Objects.requireNonNull(stream).readAllBytes(), StandardCharsets.UTF_8);
            return BsonDocument.parse(json).getArray("scenarios").stream()
                    .map(scenario -> scenario(scenario.asDocument()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Scenario scenario(BsonDocument recorded) {
        return new Scenario(
                this,
                recorded.getString("name").getValue(),
                operations(recorded, "setup"),
                operations(recorded, "operations"),
                operations(recorded, "operationsAfterTheFirstRead"),
                recorded.getArray("watches").stream().map(BsonValue::asDocument).toList());
    }

    private static List<Operation> operations(BsonDocument recorded, String field) {
        BsonValue value = recorded.get(field);
        return value instanceof BsonArray array
                ? array.stream().map(operation -> operation(operation.asDocument())).toList()
                : List.of();
    }

    private static Operation operation(BsonDocument recorded) {
        return new Operation(
                recorded.getString("db").getValue(),
                Bson.without(
                        recorded.getDocument("command"),
                        "lsid",
                        "$clusterTime",
                        "$db",
                        "$readPreference"),
                recorded.containsKey("outcome") ? recorded.getDocument("outcome") : null);
    }
}
