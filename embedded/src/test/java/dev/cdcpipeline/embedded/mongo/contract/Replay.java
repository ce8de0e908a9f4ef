package dev.cdcpipeline.embedded.mongo.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.MongoCommandException;

import dev.cdcpipeline.embedded.mongo.contract.Recording.Operation;
import dev.cdcpipeline.embedded.mongo.contract.Recording.Result;
import dev.cdcpipeline.embedded.mongo.contract.Recording.Scenario;

import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.BsonValue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Sends a recorded scenario's commands to a server and compares what its change streams return with
 * what was recorded. The recorded databases {@code shop}, {@code other} and {@code nodb} become
 * databases of this test.
 */
final class Replay {

    private final TestDatabase shop;
    private final TestDatabase other;
    private final TestDatabase nodb;
    private final RecordedExpectation expectation;

    Replay(TestDatabase shop, Recording recording) {
        this.shop = shop;
        this.other = shop.sibling();
        this.nodb = shop.sibling();
        this.expectation = new RecordedExpectation(recording, shop.version(), this::rename);
    }

    /** A scenario whose streams are open while the operations run. */
    void watchWhileOperating(Scenario scenario) {
        run(scenario.setup());
        List<Function<Integer, Result>> readers = new ArrayList<>();
        for (BsonDocument watch : scenario.watches()) {
            readers.add(reader(open(watch)));
        }
        run(scenario.operations());
        for (int i = 0; i < readers.size(); i++) {
            BsonDocument watch = scenario.watches().get(i);
            Result actual = readers.get(i).apply(i);
            expectation.check(
                    "stream %d: %s".formatted(i, Bson.without(watch, "result").toJson()),
                    Result.of(watch.getDocument("result")),
                    actual);
        }
    }

    /** A scenario with a first read and a second that resumes from a token of the first. */
    void readTwice(Scenario scenario) {
        BsonDocument watch = scenario.watches().getFirst();
        String option = watch.containsKey("resumeAfter") ? "resumeAfter" : "startAfter";
        run(scenario.setup());
        BsonDocument token = watch.getDocument(option);
        if (watch.containsKey("first")) {
            Result recorded = Result.of(watch.getDocument("first"));
            Function<Integer, Result> first = reader(open(watch));
            run(scenario.operations());
            Result actual = first.apply(0);
            expectation.check("first read", recorded, actual);
            int used = Tokens.ofEvents(recorded.events()).indexOf(Tokens.data(token));
            token = actual.events().get(used).getDocument("_id");
        }
        run(scenario.later());
        for (StreamSpec spec : secondReads(scenario, watch)) {
            BsonDocument resumeToken = token;
            Result second = reader(() -> shop.watch(spec.with(option, resumeToken))).apply(1);
            expectation.check("second read", Result.of(watch.getDocument("second")), second);
        }
    }

    /** The scenario about a database's token on a collection is read in both scopes. */
    private List<StreamSpec> secondReads(Scenario scenario, BsonDocument watch) {
        StreamSpec same = spec(watch);
        return scenario.name().contains("database scope token on a collection")
                ? List.of(same, shop.stream("items"))
                : List.of(same);
    }

    private interface Opening {
        RawStream open();
    }

    private Opening open(BsonDocument watch) {
        StreamSpec spec = spec(watch);
        try {
            RawStream stream = shop.watch(spec);
            return () -> stream;
        } catch (MongoCommandException refused) {
            return () -> {
                throw refused;
            };
        }
    }

    private Function<Integer, Result> reader(Opening opening) {
        return ignored -> {
            List<BsonDocument> events = new ArrayList<>();
            try {
                RawStream stream = opening.open();
                events.addAll(shop.drain(stream));
                return new Result(
                        events, null, stream.hasPostBatchResumeToken(), stream.closedByServer());
            } catch (MongoCommandException failed) {
                return new Result(events, error(failed), false, false);
            }
        };
    }

    private StreamSpec spec(BsonDocument watch) {
        String scope = watch.getString("scope").getValue();
        String database = watch.containsKey("db") ? watch.getString("db").getValue() : "shop";
        BsonValue recorded = watch.get("coll");
        String collection = recorded instanceof BsonString name ? name.getValue() : "items";
        StreamSpec spec =
                switch (scope) {
                    case "collection" -> StreamSpec.collection(rename(database), collection);
                    case "db" -> StreamSpec.database(rename(database));
                    case "cluster" -> shop.clusterStream();
                    default -> throw new AssertionError("unknown scope " + scope);
                };
        if (watch.containsKey("changeStream")) {
            spec = spec.with(watch.getDocument("changeStream"));
        }
        BsonArray pipeline = watch.containsKey("pipeline") ? watch.getArray("pipeline") : null;
        return pipeline == null
                ? spec
                : spec.then(
                        pipeline.stream().map(BsonValue::asDocument).toArray(BsonDocument[]::new));
    }

    private void run(List<Operation> operations) {
        for (Operation operation : operations) {
            BsonDocument outcome = outcome(operation);
            BsonDocument recorded = operation.outcome();
            if (recorded != null) {
                expectation.checkOutcome(operation.command(), recorded, outcome);
            } else {
                assertThat(outcome).as(operation.command().toJson()).doesNotContainKey("error");
            }
        }
    }

    private BsonDocument outcome(Operation operation) {
        BsonDocument command = operation.command().clone();
        for (String field : List.of("renameCollection", "to")) {
            if (command.containsKey(field)) {
                command.put(field, new BsonString(namespace(command.getString(field).getValue())));
            }
        }
        try {
            shop.client()
                    .getDatabase(rename(operation.database()))
                    .runCommand(command, BsonDocument.class);
            return new BsonDocument("ok", new BsonInt32(1));
        } catch (MongoCommandException failed) {
            return new BsonDocument("error", error(failed));
        }
    }

    private String namespace(String recorded) {
        int dot = recorded.indexOf('.');
        return rename(recorded.substring(0, dot)) + recorded.substring(dot);
    }

    private String rename(String database) {
        return switch (database) {
            case "shop" -> shop.name();
            case "other" -> other.name();
            case "nodb" -> nodb.name();
            default -> database;
        };
    }

    private static BsonDocument error(MongoCommandException failed) {
        return new BsonDocument("code", new BsonInt32(failed.getErrorCode()))
                .append("codeName", new BsonString(failed.getErrorCodeName()))
                .append("errmsg", new BsonString(failed.getErrorMessage()))
                .append(
                        "errorLabels",
                        failed.getResponse().getArray("errorLabels", new BsonArray()));
    }
}
