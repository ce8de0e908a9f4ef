package dev.cdcpipeline.embedded.mongo.command;

import de.bwaldvogel.mongo.bson.Document;

import dev.cdcpipeline.embedded.mongo.oplog.Namespace;
import dev.cdcpipeline.embedded.mongo.pipeline.Pipelines;
import dev.cdcpipeline.embedded.mongo.storage.ObjectIds;
import dev.cdcpipeline.embedded.mongo.storage.ReplicatedCollection;
import dev.cdcpipeline.embedded.mongo.wire.CommandError;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * {@code $merge} and {@code $out}, the last stage of an aggregation that writes. It writes through
 * the commands that clients write with, so that its writes have their events.
 *
 * <p>See https://www.mongodb.com/docs/manual/reference/operator/aggregation/merge/ and
 * https://www.mongodb.com/docs/manual/reference/operator/aggregation/out/.
 */
final class OutputStage {

    private static final Set<String> NAMES = Set.of("$merge", "$out");

    private final Node node;
    private final Map<String, Command> commands;

    /**
     * Writes through commands.
     *
     * @param commands the commands by name, complete by the time something is written
     */
    OutputStage(Node node, Map<String, Command> commands) {
        this.node = node;
        this.commands = commands;
    }

    static boolean isOutput(Document stage) {
        return NAMES.contains(Pipelines.name(stage));
    }

    /** Writes what the stages before have yielded. */
    void write(Request aggregate, Document stage, List<Document> documents) {
        if (stage.containsKey("$out")) {
            Namespace target = namespace(aggregate, stage.get("$out"), "coll");
            replace(aggregate, target, documents);
        } else {
            merge(aggregate, stage.get("$merge"), documents);
        }
    }

    /** A collection by its name, or as {@code {db, coll}}. */
    private static Namespace namespace(
            Request aggregate, @Nullable Object value, String collectionField) {
        return switch (value) {
            case String collection -> new Namespace(aggregate.database(), collection);
            case Document named when named.get(collectionField) instanceof String collection ->
                    new Namespace(
                            String.valueOf(named.getOrDefault("db", aggregate.database())),
                            collection);
            case null, default ->
                    throw new CommandError(
                            51178,
                            "Location51178",
                            "The output stage needs the name of a collection");
        };
    }

    /** The documents go to a new collection, which then takes the place of the target. */
    private void replace(Request aggregate, Namespace target, List<Document> documents) {
        Namespace staging =
                new Namespace(target.database(), "tmp.agg_out." + ObjectIds.next().getHexData());
        run(aggregate, staging, "create", new Document());
        List<Document> indexes =
                node.catalog()
                        .reading(
                                () -> {
                                    ReplicatedCollection old = node.catalog().collection(target);
                                    return old == null
                                            ? List.<Document>of()
                                            : List.copyOf(old.indexDescriptions());
                                });
        if (indexes.size() > 1) {
            List<Document> others = indexes.subList(1, indexes.size());
            run(aggregate, staging, "createIndexes", new Document("indexes", others));
        }
        run(aggregate, staging, "insert", new Document("documents", documents));
        Document rename =
                new Document("renameCollection", staging.toString())
                        .append("to", target.toString())
                        .append("dropTarget", true);
        run(new Request(aggregate.connection(), "admin", "renameCollection", rename));
    }

    private void merge(Request aggregate, @Nullable Object value, List<Document> documents) {
        Document options = value instanceof Document given ? given : new Document("into", value);
        Namespace target = namespace(aggregate, options.get("into"), "coll");
        Object whenMatched = options.getOrDefault("whenMatched", "merge");
        Object whenNotMatched = options.getOrDefault("whenNotMatched", "insert");
        checkModes(whenMatched, whenNotMatched);
        for (Document document : documents) {
            if (whenMatched.equals("fail")) {
                run(aggregate, target, "insert", new Document("documents", List.of(document)));
                continue;
            }
            Document statement =
                    new Document("q", key(options.getOrDefault("on", "_id"), document))
                            .append("u", update(whenMatched, document))
                            .append("upsert", whenNotMatched.equals("insert"));
            Document reply =
                    run(aggregate, target, "update", new Document("updates", List.of(statement)));
            if (whenNotMatched.equals("fail") && Integer.valueOf(0).equals(reply.get("n"))) {
                throw new CommandError(
                        13113,
                        "MergeStageNoMatchingDocument",
                        "$merge could not find a matching document in the target collection");
            }
        }
    }

    private static void checkModes(Object whenMatched, Object whenNotMatched) {
        if (Set.of("keepExisting", "fail").contains(whenMatched)
                && !whenNotMatched.equals("insert")) {
            throw new CommandError(
                    51181,
                    "Location51181",
                    "Combination of $merge modes whenMatched: %s and whenNotMatched: %s is not supported"
                            .formatted(whenMatched, whenNotMatched));
        }
    }

    private static Document key(Object on, Document document) {
        Document key = new Document();
        for (Object field : on instanceof Collection<?> fields ? fields : List.of(on)) {
            key.put(String.valueOf(field), document.get(field));
        }
        return key;
    }

    private static Document update(Object whenMatched, Document document) {
        return switch (String.valueOf(whenMatched)) {
            case "merge" -> new Document("$set", document);
            case "replace" -> document;
            case "keepExisting" -> new Document("$setOnInsert", document);
            default ->
                    throw new CommandError(
                            238,
                            "NotImplemented",
                            "The embedded server merges by merge, replace, keepExisting and fail"
                                    + " only");
        };
    }

    private Document run(Request aggregate, Namespace target, String command, Document fields) {
        Document body = new Document(command, target.collection());
        body.putAll(fields);
        return run(new Request(aggregate.connection(), target.database(), command, body));
    }

    private Document run(Request request) {
        Document reply = Objects.requireNonNull(commands.get(request.name())).run(request);
        if (reply.get("writeErrors") instanceof List<?> errors
                && new ArrayList<>(errors).getFirst() instanceof Document error) {
            int code = error.get("code") instanceof Number number ? number.intValue() : 1;
            throw new CommandError(code, "Location" + code, String.valueOf(error.get("errmsg")));
        }
        return reply;
    }
}
