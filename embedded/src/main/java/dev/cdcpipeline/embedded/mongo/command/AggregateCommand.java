package dev.cdcpipeline.embedded.mongo.command;

import de.bwaldvogel.mongo.backend.aggregation.Aggregation;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.oplog.NoopOplog;

import dev.cdcpipeline.embedded.mongo.changestream.ChangeStreamCursor;
import dev.cdcpipeline.embedded.mongo.changestream.DocumentLookup;
import dev.cdcpipeline.embedded.mongo.changestream.MergedStreamCursor;
import dev.cdcpipeline.embedded.mongo.changestream.ServerFeatures;
import dev.cdcpipeline.embedded.mongo.cursor.ResultCursor;
import dev.cdcpipeline.embedded.mongo.cursor.ServerCursor;
import dev.cdcpipeline.embedded.mongo.oplog.Namespace;
import dev.cdcpipeline.embedded.mongo.pipeline.DocumentStage;
import dev.cdcpipeline.embedded.mongo.pipeline.Pipelines;
import dev.cdcpipeline.embedded.mongo.pipeline.SampleStage;
import dev.cdcpipeline.embedded.mongo.storage.ReplicatedCollection;
import dev.cdcpipeline.embedded.mongo.storage.ReplicatedDatabase;
import dev.cdcpipeline.embedded.mongo.wire.CommandError;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * aggregate: change streams are ours, stages of single documents too, the others are
 * mongo-java-server's.
 */
final class AggregateCommand {

    private final Node node;
    private final ReadCommands reads;
    private final OutputStage output;

    AggregateCommand(Node node, ReadCommands reads, OutputStage output) {
        this.node = node;
        this.reads = reads;
        this.output = output;
    }

    void addTo(Map<String, Command> commands) {
        commands.put("aggregate", this::run);
    }

    private Document run(Request request) {
        List<Document> stages = Pipelines.parse(request.body().get("pipeline"));
        if (!(request.body().get("cursor") instanceof Document cursor)) {
            throw new CommandError(
                    9,
                    "FailedToParse",
                    "The 'cursor' option is required, except for aggregate with the explain argument");
        }
        checkPlaces(stages);
        int batchSize = cursor.get("batchSize") instanceof Number size ? size.intValue() : 101;
        String collection = request.body().get("aggregate") instanceof String name ? name : "";
        if (!stages.isEmpty() && Pipelines.name(stages.getFirst()).equals("$changeStream")) {
            return openChangeStream(request, stages, collection, batchSize);
        }
        String named = collection.isEmpty() ? "$cmd.aggregate" : collection;
        boolean writes = !stages.isEmpty() && OutputStage.isOutput(stages.getLast());
        List<Document> computed = writes ? stages.subList(0, stages.size() - 1) : stages;
        List<Document> result =
                node.catalog().reading(() -> compute(request.database(), collection, computed));
        if (writes) {
            output.write(request, stages.getLast(), result);
            result = List.of();
        }
        return reads.open(
                new Namespace(request.database(), named),
                new ResultCursor(result),
                batchSize,
                false);
    }

    private static void checkPlaces(List<Document> stages) {
        List<String> names = stages.stream().map(Pipelines::name).toList();
        if (names.lastIndexOf("$changeStream") > 0) {
            throw new CommandError(
                    40602,
                    "Location40602",
                    "$changeStream is only valid as the first stage in a pipeline");
        }
        for (Document stage : stages.subList(0, Math.max(0, stages.size() - 1))) {
            if (OutputStage.isOutput(stage) && !names.getFirst().equals("$changeStream")) {
                throw new CommandError(
                        40601,
                        "Location40601",
                        Pipelines.name(stage) + " can only be the final stage in the pipeline");
            }
        }
        String split = "$changeStreamSplitLargeEvent";
        if (names.contains(split) && !names.getFirst().equals("$changeStream")) {
            throw new CommandError(
                    20, "IllegalOperation", split + " is only valid in a change stream pipeline");
        }
    }

    private Document openChangeStream(
            Request request, List<Document> stages, String collection, int batchSize) {
        if (!(stages.getFirst().get("$changeStream") instanceof Document)) {
            throw new CommandError(
                    6188500,
                    "Location6188500",
                    "the $changeStream stage must be specified as an object");
        }
        if (!request.document("readConcern").getOrDefault("level", "majority").equals("majority")) {
            throw new CommandError(
                    72,
                    "InvalidOptions",
                    "Aggregation stage $changeStream cannot run with a readConcern other than"
                            + " 'majority'");
        }
        node.checkNoView(new Namespace(request.database(), collection));
        ServerCursor stream = changeStream(request.database(), collection, stages);
        String named = collection.isEmpty() ? "$cmd.aggregate" : collection;
        return reads.open(new Namespace(request.database(), named), stream, batchSize, false);
    }

    private ServerCursor changeStream(String database, String collection, List<Document> stages) {
        ServerFeatures features = node.version().features();
        DocumentLookup lookup = node.catalog()::lookUp;
        return node.shards().isCluster()
                ? MergedStreamCursor.open(
                        new MergedStreamCursor.Source(node.shards(), lookup, features),
                        database,
                        collection,
                        stages)
                : ChangeStreamCursor.open(
                        new ChangeStreamCursor.Source(node.oplog(), lookup, features),
                        database,
                        collection,
                        stages);
    }

    private List<Document> compute(
            String databaseName, String collectionName, List<Document> stages) {
        ReplicatedDatabase database = node.catalog().database(databaseName);
        ReplicatedCollection collection = database.collection(collectionName);
        if (collection != null && collection.isView()) {
            List<Document> all =
                    new ArrayList<>(
                            Pipelines.parse(
                                    collection.options().getOrDefault("pipeline", List.of())));
            all.addAll(stages);
            return compute(databaseName, String.valueOf(collection.options().get("viewOn")), all);
        }
        List<Document> remaining = new ArrayList<>(stages);
        Stream<Document> documents;
        if (!stages.isEmpty() && Pipelines.name(stages.getFirst()).equals("$collStats")) {
            documents = Stream.of(stats(new Namespace(databaseName, collectionName), collection));
            remaining.removeFirst();
        } else {
            documents = source(collection, remaining);
        }
        for (Document stage : remaining) {
            documents = apply(stage, documents, database, collection);
        }
        return documents.toList();
    }

    /**
     * The collection's documents, filtered through its index when the pipeline begins with a
     * filter.
     */
    private static Stream<Document> source(
            @Nullable ReplicatedCollection collection, List<Document> remaining) {
        if (collection == null) {
            return Stream.empty();
        }
        Document filter = new Document();
        if (!remaining.isEmpty() && remaining.getFirst().get("$match") instanceof Document match) {
            filter = match;
            remaining.removeFirst();
        }
        return collection.find(filter, null, 0).stream().map(ReplicatedCollection.Found::document);
    }

    private Stream<Document> apply(
            Document stage,
            Stream<Document> documents,
            ReplicatedDatabase database,
            @Nullable ReplicatedCollection collection) {
        String name = Pipelines.name(stage);
        if (DocumentStage.NAMES.contains(name)) {
            DocumentStage single = DocumentStage.compile(name, stage.get(name));
            return documents.map(single::apply).filter(Objects::nonNull);
        }
        if (name.equals("$sample")) {
            return SampleStage.parse(stage.get(name)).apply(documents);
        }
        return Aggregation.fromPipeline(
                        List.of(stage),
                        node.catalog()::database,
                        database,
                        collection,
                        NoopOplog.get())
                .runStagesAsStream(documents.map(Document::cloneDeeply));
    }

    private static Document stats(Namespace namespace, @Nullable ReplicatedCollection collection) {
        int count = collection == null ? 0 : collection.count();
        return new Document("ns", namespace.toString()).append("count", count);
    }
}
