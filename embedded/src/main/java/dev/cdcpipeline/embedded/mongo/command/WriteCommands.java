package dev.cdcpipeline.embedded.mongo.command;

import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.MongoServerError;

import dev.cdcpipeline.embedded.mongo.ServerVersion;
import dev.cdcpipeline.embedded.mongo.oplog.Namespace;
import dev.cdcpipeline.embedded.mongo.storage.DuplicateKey;
import dev.cdcpipeline.embedded.mongo.storage.ReplicatedCollection;
import dev.cdcpipeline.embedded.mongo.storage.ReplicatedCollection.Found;
import dev.cdcpipeline.embedded.mongo.update.UpdateStatement;
import dev.cdcpipeline.embedded.mongo.wire.BsonSize;
import dev.cdcpipeline.embedded.mongo.wire.CommandError;
import dev.cdcpipeline.embedded.mongo.wire.Fields;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * insert, update and delete: statement by statement, each with its own error, stopping at the first
 * one when ordered.
 *
 * <p>See https://www.mongodb.com/docs/manual/reference/command/nav-crud/.
 */
final class WriteCommands {

    private static final int MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;
    private static final int MAX_DEPTH = 180;

    private final Node node;

    WriteCommands(Node node) {
        this.node = node;
    }

    void addTo(Map<String, Command> commands) {
        commands.put("insert", request -> write(request, "documents", this::insert));
        commands.put("update", request -> write(request, "updates", this::update));
        commands.put("delete", request -> write(request, "deletes", this::delete));
    }

    /** Runs one statement of a command, alone. */
    private interface Statement {
        boolean run(Request request, Document statement, int index, Reply reply);
    }

    /** The reply as it grows. */
    private static final class Reply {

        private final List<Document> errors = new ArrayList<>();
        private final List<Document> upserted = new ArrayList<>();
        private int count;
        private int modified = -1;

        /** Whether to go on after this error. */
        boolean failed(int index, MongoServerError error, Request request) {
            Document entry =
                    new Document("index", index)
                            .append("code", error.getCode())
                            .append("errmsg", error.getMessageWithoutErrorCode());
            if (error instanceof DuplicateKey duplicate) {
                entry.append("keyPattern", duplicate.keyPattern())
                        .append("keyValue", duplicate.keyValue());
            }
            errors.add(entry);
            return Boolean.FALSE.equals(request.body().get("ordered"));
        }

        Document toDocument() {
            Document reply = new Document("n", count);
            if (modified >= 0) {
                reply.put("nModified", modified);
            }
            if (!upserted.isEmpty()) {
                reply.put("upserted", upserted);
            }
            if (!errors.isEmpty()) {
                reply.put("writeErrors", errors);
            }
            return reply;
        }
    }

    private Document write(Request request, String field, Statement statement) {
        node.member().checkPrimary();
        Namespace namespace = request.namespace();
        if (namespace.collection().startsWith("system.") || namespace.database().equals("local")) {
            throw new CommandError(73, "InvalidNamespace", "cannot write to '" + namespace + "'");
        }
        node.checkNoView(namespace);
        Reply reply = new Reply();
        List<Document> statements = request.documents(field);
        for (int index = 0; index < statements.size(); index++) {
            int at = index;
            try {
                node.catalog().writing(() -> statement.run(request, statements.get(at), at, reply));
            } catch (MongoServerError e) {
                if (Transaction.isTransient(e)) {
                    throw e;
                }
                if (!reply.failed(index, e, request)) {
                    break;
                }
            }
        }
        return reply.toDocument();
    }

    private ReplicatedCollection collectionForWriting(Request request) {
        Namespace namespace = request.namespace();
        return node.catalog()
                .database(namespace.database())
                .collectionForWriting(namespace.collection());
    }

    private boolean insert(Request request, Document document, int index, Reply reply) {
        collectionForWriting(request).insert(checked(document));
        reply.count++;
        return true;
    }

    /** Refuses documents that the server does not store. */
    static Document checked(Document document) {
        if (document.get("_id") instanceof List<?>) {
            throw new CommandError(53, "InvalidIdField", "The '_id' value cannot be of type array");
        }
        checkDepth(document);
        int size = BsonSize.of(document);
        if (size > MAX_DOCUMENT_BYTES) {
            throw new CommandError(
                    10334,
                    "BSONObjectTooLarge",
                    "object to insert too large. size in bytes: %d, max size: %d"
                            .formatted(size, MAX_DOCUMENT_BYTES));
        }
        return document;
    }

    private static void checkDepth(Document document) {
        if (BsonSize.depthOf(document) > MAX_DEPTH) {
            throw new CommandError(
                    15,
                    "Overflow",
                    "cannot insert document because it exceeds %d levels of nesting"
                            .formatted(MAX_DEPTH));
        }
    }

    private static Document checkedAfterUpdate(Document document) {
        checkDepth(document);
        if (BsonSize.of(document) > MAX_DOCUMENT_BYTES) {
            throw new CommandError(
                    17419,
                    "Location17419",
                    "Resulting document after update is larger than " + MAX_DOCUMENT_BYTES);
        }
        return document;
    }

    private boolean update(Request request, Document update, int index, Reply reply) {
        reply.modified = Math.max(reply.modified, 0);
        UpdateStatement statement = parse(update, "u");
        boolean multi = Boolean.TRUE.equals(update.get("multi"));
        if (multi && statement.isReplacement()) {
            throw new CommandError(
                    9,
                    "FailedToParse",
                    "multi update is not supported for replacement-style update");
        }
        Document query = Fields.document(update, "q");
        ReplicatedCollection existing = node.catalog().collection(request.namespace());
        Document sort = update.get("sort") instanceof Document order ? order : null;
        List<Found> matching =
                existing == null ? List.of() : existing.find(query, sort, multi ? 0 : 1);
        if (matching.isEmpty() && Boolean.TRUE.equals(update.get("upsert"))) {
            Document inserted =
                    collectionForWriting(request).insert(checked(statement.upserted(query)));
            reply.upserted.add(new Document("index", index).append("_id", inserted.get("_id")));
            reply.count++;
        }
        if (existing != null) {
            existing.checkWritable(matching);
        }
        for (Found found : matching) {
            reply.count++;
            if (existing != null && apply(existing, found, statement, query) != null) {
                reply.modified++;
            }
        }
        return true;
    }

    UpdateStatement parse(Document owner, String field) {
        return UpdateStatement.parse(
                owner.get(field),
                Fields.documents(owner, "arrayFilters"),
                UpdatePipeline::compile,
                node.version().isAtLeast(ServerVersion.V5_0),
                node.clock().instant());
    }

    /** Updates one document; null when that changes nothing. */
    static @Nullable Document apply(
            ReplicatedCollection collection,
            Found found,
            UpdateStatement statement,
            Document query) {
        return switch (statement.apply(found.document(), query)) {
            case UpdateStatement.Unchanged _ -> null;
            case UpdateStatement.Updated(Document after, var description) -> {
                collection.update(found, checkedAfterUpdate(after), description);
                yield after;
            }
            case UpdateStatement.Replaced(Document after) -> {
                collection.replace(found, checkedAfterUpdate(after));
                yield after;
            }
        };
    }

    private boolean delete(Request request, Document delete, int index, Reply reply) {
        ReplicatedCollection collection = node.catalog().collection(request.namespace());
        if (collection == null) {
            return false;
        }
        int limit = Fields.number(delete, "limit").intValue();
        List<Found> matching = collection.find(Fields.document(delete, "q"), null, limit);
        collection.checkWritable(matching);
        matching.forEach(collection::delete);
        reply.count += matching.size();
        return true;
    }
}
