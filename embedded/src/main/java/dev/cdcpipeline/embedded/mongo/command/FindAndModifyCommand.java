package dev.cdcpipeline.embedded.mongo.command;

import de.bwaldvogel.mongo.bson.Document;

import dev.cdcpipeline.embedded.mongo.oplog.Namespace;
import dev.cdcpipeline.embedded.mongo.pipeline.DocumentStage;
import dev.cdcpipeline.embedded.mongo.storage.ReplicatedCollection;
import dev.cdcpipeline.embedded.mongo.storage.ReplicatedCollection.Found;
import dev.cdcpipeline.embedded.mongo.update.UpdateStatement;
import dev.cdcpipeline.embedded.mongo.wire.CommandError;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/** findAndModify. See https://www.mongodb.com/docs/manual/reference/command/findAndModify/. */
final class FindAndModifyCommand {

    private final Node node;
    private final WriteCommands writes;

    FindAndModifyCommand(Node node, WriteCommands writes) {
        this.node = node;
        this.writes = writes;
    }

    void addTo(Map<String, Command> commands) {
        commands.put("findAndModify", this::run);
        commands.put("findandmodify", this::run);
    }

    private Document run(Request request) {
        node.member().checkPrimary();
        boolean remove = request.flag("remove");
        if (remove == request.body().containsKey("update")) {
            throw new CommandError(
                    9,
                    "FailedToParse",
                    remove
                            ? "Cannot specify both an update and remove=true"
                            : "Either an update or remove=true must be specified");
        }
        return node.catalog().writing(() -> remove ? remove(request) : update(request));
    }

    private @Nullable Found find(Request request) {
        ReplicatedCollection collection = node.catalog().collection(request.namespace());
        if (collection == null) {
            return null;
        }
        List<Found> found =
                collection.find(request.document("query"), request.documentOrNull("sort"), 1);
        return found.isEmpty() ? null : found.getFirst();
    }

    private ReplicatedCollection collection(Request request) {
        Namespace namespace = request.namespace();
        return node.catalog()
                .database(namespace.database())
                .collectionForWriting(namespace.collection());
    }

    private Document remove(Request request) {
        Found found = find(request);
        if (found != null) {
            collection(request).checkWritable(List.of(found));
            collection(request).delete(found);
        }
        return new Document("lastErrorObject", new Document("n", found == null ? 0 : 1))
                .append("value", projected(request, found == null ? null : found.document()));
    }

    private Document update(Request request) {
        UpdateStatement statement = writes.parse(request.body(), "update");
        Document query = request.document("query");
        Found found = find(request);
        if (found == null) {
            return request.flag("upsert") ? upsert(request, statement, query) : nothing();
        }
        collection(request).checkWritable(List.of(found));
        Document after = WriteCommands.apply(collection(request), found, statement, query);
        Document result = request.flag("new") && after != null ? after : found.document();
        return new Document("lastErrorObject", new Document("n", 1).append("updatedExisting", true))
                .append("value", projected(request, result));
    }

    private static Document nothing() {
        return new Document(
                        "lastErrorObject", new Document("n", 0).append("updatedExisting", false))
                .append("value", null);
    }

    private Document upsert(Request request, UpdateStatement statement, Document query) {
        Document inserted =
                collection(request).insert(WriteCommands.checked(statement.upserted(query)));
        Document lastError =
                new Document("n", 1)
                        .append("updatedExisting", false)
                        .append("upserted", inserted.get("_id"));
        return new Document("lastErrorObject", lastError)
                .append("value", request.flag("new") ? projected(request, inserted) : null);
    }

    private static @Nullable Document projected(Request request, @Nullable Document document) {
        Document fields = request.document("fields");
        return document == null || fields.isEmpty()
                ? document
                : DocumentStage.compile("$project", fields).apply(document);
    }
}
