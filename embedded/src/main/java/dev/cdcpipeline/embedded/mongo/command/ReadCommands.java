package dev.cdcpipeline.embedded.mongo.command;

import de.bwaldvogel.mongo.bson.Document;

import dev.cdcpipeline.embedded.mongo.cursor.Batch;
import dev.cdcpipeline.embedded.mongo.cursor.ResultCursor;
import dev.cdcpipeline.embedded.mongo.cursor.ServerCursor;
import dev.cdcpipeline.embedded.mongo.oplog.Namespace;
import dev.cdcpipeline.embedded.mongo.oplog.OplogCollection;
import dev.cdcpipeline.embedded.mongo.pipeline.DocumentStage;
import dev.cdcpipeline.embedded.mongo.pipeline.FilterCheck;
import dev.cdcpipeline.embedded.mongo.storage.BsonOrder;
import dev.cdcpipeline.embedded.mongo.storage.ReplicatedCollection;
import dev.cdcpipeline.embedded.mongo.wire.CommandError;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** find, count, distinct, getMore and killCursors. */
final class ReadCommands {

    private static final int FIRST_BATCH = 101;
    private static final long DEFAULT_AWAIT_MILLIS = 1000;

    private final Node node;

    ReadCommands(Node node) {
        this.node = node;
    }

    void addTo(Map<String, Command> commands) {
        commands.put("find", this::find);
        commands.put("count", this::count);
        commands.put("distinct", this::distinct);
        commands.put("getMore", this::getMore);
        commands.put("killCursors", this::killCursors);
    }

    private Document find(Request request) {
        Namespace namespace = request.namespace();
        FilterCheck.check(request.document("filter"));
        if (OplogCollection.isNamed(namespace)) {
            return findInOplog(request);
        }
        List<Document> documents =
                node.catalog()
                        .reading(
                                () -> {
                                    ReplicatedCollection collection =
                                            node.catalog().collection(namespace);
                                    return collection == null
                                            ? List.<Document>of()
                                            : matching(request, collection);
                                });
        int limit = request.integer("limit", 0);
        int first =
                request.body().containsKey("batchSize")
                        ? request.integer("batchSize", 0)
                        : FIRST_BATCH;
        boolean single = request.flag("singleBatch") || limit < 0;
        return open(namespace, new ResultCursor(documents), first, single);
    }

    private Document findInOplog(Request request) {
        boolean newestFirst =
                request.document("sort").get("$natural") instanceof Number direction
                        && direction.intValue() < 0;
        DocumentStage matches = DocumentStage.compile("$match", request.document("filter"));
        int limit = request.integer("limit", 0);
        Stream<Document> found =
                new OplogCollection(node.oplog())
                        .documents(newestFirst)
                        .filter(document -> matches.apply(document) != null)
                        .skip(request.integer("skip", 0))
                        .limit(limit == 0 ? Long.MAX_VALUE : limit);
        List<Document> documents = projected(found.toList(), request.document("projection"));
        return open(
                request.namespace(),
                new ResultCursor(documents),
                request.integer("batchSize", FIRST_BATCH),
                request.flag("singleBatch"));
    }

    private static List<Document> matching(Request request, ReplicatedCollection collection) {
        if (collection.isView()) {
            throw new CommandError(
                    238, "NotImplemented", "The embedded server reads views by aggregate only");
        }
        checkHint(request, collection);
        Document filter = request.document("filter");
        Document sort = request.documentOrNull("sort");
        int limit = Math.abs(request.integer("limit", 0));
        int skip = request.integer("skip", 0);
        Document projection = request.document("projection");
        if (request.body().containsKey("min") || request.body().containsKey("max")) {
            return between(request, collection, filter, projection, limit);
        }
        Document selector = new Document("$query", filter).append("$orderby", sort);
        List<Document> found = collection.handleQuery(selector, skip, limit).collectDocuments();
        return projected(found, projection);
    }

    private static void checkHint(Request request, ReplicatedCollection collection) {
        Object hint = request.body().get("hint");
        boolean known =
                hint == null
                        || (hint instanceof Document natural && natural.containsKey("$natural"))
                        || collection.indexDescriptions().stream()
                                .anyMatch(
                                        index ->
                                                hint.equals(index.get("name"))
                                                        || hint.equals(index.get("key")));
        if (!known) {
            throw new CommandError(
                    2, "BadValue", "hint provided does not correspond to an existing index");
        }
    }

    private static List<Document> between(
            Request request,
            ReplicatedCollection collection,
            Document filter,
            Document projection,
            int limit) {
        Object hint = request.body().get("hint");
        if (hint == null) {
            throw new CommandError(
                    51173,
                    "Location51173",
                    "When using min()/max() a hint of which index to use must" + " be provided");
        }
        boolean byId =
                "_id_".equals(hint) || (hint instanceof Document key && key.containsKey("_id"));
        if (!byId) {
            throw new CommandError(
                    2, "BadValue", "min and max are supported with a hint of the _id index only");
        }
        DocumentStage matches = DocumentStage.compile("$match", filter);
        Document sort = request.document("sort");
        List<Document> range =
                collection.between(request.documentOrNull("min"), request.documentOrNull("max"));
        boolean descending =
                sort.get("_id") instanceof Number direction && direction.intValue() < 0;
        Stream<Document> found =
                (descending ? range.reversed() : range)
                        .stream().filter(document -> matches.apply(document) != null);
        return projected((limit > 0 ? found.limit(limit) : found).toList(), projection);
    }

    private static List<Document> projected(List<Document> documents, Document projection) {
        if (projection.isEmpty()) {
            return documents;
        }
        DocumentStage stage = DocumentStage.compile("$project", projection);
        List<Document> result = new ArrayList<>(documents.size());
        for (Document document : documents) {
            Document projected = stage.apply(document);
            if (projected != null) {
                result.add(projected);
            }
        }
        return result;
    }

    /** The first batch of a cursor, which is kept when there is more. */
    Document open(Namespace namespace, ServerCursor cursor, int batchSize, boolean single) {
        Batch batch = cursor.next(batchSize, 0);
        long id = batch.last() || single ? 0 : node.cursors().register(cursor);
        return new Document("cursor", reply("firstBatch", batch, id, namespace));
    }

    private static Document reply(String field, Batch batch, long id, Namespace namespace) {
        Document cursor = new Document(field, batch.documents());
        if (batch.postBatchResumeToken() != null) {
            cursor.put("postBatchResumeToken", batch.postBatchResumeToken());
        }
        return cursor.append("id", id).append("ns", namespace.toString());
    }

    private Document getMore(Request request) {
        if (!(request.body().get("getMore") instanceof Long id)) {
            throw new CommandError(
                    14,
                    "TypeMismatch",
                    "BSON field 'getMore.getMore' is the wrong type, expected long");
        }
        ServerCursor cursor = node.cursors().get(id);
        int limit = request.integer("batchSize", 0);
        long await =
                request.body().get("maxTimeMS") instanceof Number millis
                        ? millis.longValue()
                        : DEFAULT_AWAIT_MILLIS;
        Batch batch;
        try {
            batch = cursor.next(limit == 0 ? Integer.MAX_VALUE : limit, await);
        } catch (CommandError e) {
            node.cursors().remove(id);
            throw e;
        }
        checkStillOpen(id);
        if (batch.last()) {
            node.cursors().remove(id);
        }
        Namespace namespace =
                new Namespace(request.database(), String.valueOf(request.body().get("collection")));
        return new Document("cursor", reply("nextBatch", batch, batch.last() ? 0 : id, namespace));
    }

    private void checkStillOpen(long id) {
        if (node.cursors().find(id) == null) {
            throw new CommandError(237, "CursorKilled", "cursor was killed while it waited");
        }
    }

    private Document killCursors(Request request) {
        List<Object> killed = new ArrayList<>();
        List<Object> notFound = new ArrayList<>();
        if (request.body().get("cursors") instanceof Collection<?> ids) {
            for (Object id : ids) {
                (node.cursors().remove(((Number) id).longValue()) ? killed : notFound).add(id);
            }
        }
        return new Document("cursorsKilled", killed)
                .append("cursorsNotFound", notFound)
                .append("cursorsAlive", List.of())
                .append("cursorsUnknown", List.of());
    }

    private Document count(Request request) {
        return node.catalog()
                .reading(
                        () -> {
                            ReplicatedCollection collection =
                                    node.catalog().collection(request.namespace());
                            int count =
                                    collection == null
                                            ? 0
                                            : collection.count(
                                                    request.document("query"),
                                                    request.integer("skip", 0),
                                                    request.integer("limit", 0));
                            return new Document("n", count);
                        });
    }

    private Document distinct(Request request) {
        String key = String.valueOf(request.body().get("key"));
        return node.catalog()
                .reading(
                        () -> {
                            ReplicatedCollection collection =
                                    node.catalog().collection(request.namespace());
                            List<@Nullable Object> values = new ArrayList<>();
                            if (collection != null) {
                                Document reply =
                                        collection.handleDistinct(
                                                new Document("key", key)
                                                        .append(
                                                                "query",
                                                                request.document("query")));
                                values.addAll((Collection<?>) reply.get("values"));
                                values.sort(BsonOrder.INSTANCE);
                            }
                            return new Document("values", values);
                        });
    }
}
