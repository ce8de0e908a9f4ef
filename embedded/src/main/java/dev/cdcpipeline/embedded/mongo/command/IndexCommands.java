package dev.cdcpipeline.embedded.mongo.command;

import de.bwaldvogel.mongo.bson.Document;

import dev.cdcpipeline.embedded.mongo.cursor.ResultCursor;
import dev.cdcpipeline.embedded.mongo.oplog.Namespace;
import dev.cdcpipeline.embedded.mongo.oplog.Operation;
import dev.cdcpipeline.embedded.mongo.storage.ReplicatedCollection;
import dev.cdcpipeline.embedded.mongo.storage.ReplicatedDatabase;
import dev.cdcpipeline.embedded.mongo.wire.CommandError;
import dev.cdcpipeline.embedded.mongo.wire.Fields;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * createIndexes, dropIndexes and listIndexes. Only unique indexes have an effect beside being
 * listed.
 */
final class IndexCommands {

    private final Node node;
    private final ReadCommands reads;

    IndexCommands(Node node, ReadCommands reads) {
        this.node = node;
        this.reads = reads;
    }

    void addTo(Map<String, Command> commands) {
        commands.put("createIndexes", this::create);
        commands.put("dropIndexes", this::drop);
        commands.put("deleteIndexes", this::drop);
        commands.put("listIndexes", this::list);
    }

    private Document create(Request request) {
        node.member().checkPrimary();
        return node.catalog()
                .writing(
                        () -> {
                            Namespace namespace = request.namespace();
                            ReplicatedDatabase database =
                                    node.catalog().database(namespace.database());
                            boolean created = database.collection(namespace.collection()) == null;
                            ReplicatedCollection collection =
                                    database.collectionForWriting(namespace.collection());
                            int before = collection.indexDescriptions().size();
                            for (Document index : request.documents("indexes")) {
                                createOne(collection, index);
                            }
                            return new Document("numIndexesBefore", before)
                                    .append(
                                            "numIndexesAfter",
                                            collection.indexDescriptions().size())
                                    .append("createdCollectionAutomatically", created);
                        });
    }

    private static void createOne(ReplicatedCollection collection, Document index) {
        if (!(index.get("name") instanceof String name)
                || !(index.get("key") instanceof Document)) {
            throw new CommandError(9, "FailedToParse", "An index needs a 'name' and a 'key'");
        }
        if (named(collection, name) == null) {
            collection.createIndex(index);
            log(collection, "createIndexes", List.of(collection.indexDescriptions().getLast()));
        }
    }

    private static @Nullable Document named(ReplicatedCollection collection, String name) {
        for (Document description : collection.indexDescriptions()) {
            if (name.equals(description.get("name"))) {
                return description;
            }
        }
        return null;
    }

    private static void log(ReplicatedCollection collection, String type, List<Document> indexes) {
        collection.append(new Operation.Expanded(type, new Document("indexes", indexes), null));
    }

    private Document drop(Request request) {
        node.member().checkPrimary();
        return node.catalog()
                .writing(
                        () -> {
                            ReplicatedCollection collection =
                                    node.catalog().collection(request.namespace());
                            if (collection == null) {
                                throw new CommandError(
                                        26,
                                        "NamespaceNotFound",
                                        "ns not found " + request.namespace());
                            }
                            int before = collection.indexDescriptions().size();
                            Object index = request.body().get("index");
                            if ("*".equals(index)) {
                                collection.indexDescriptions().stream()
                                        .skip(1)
                                        .forEach(each -> dropOne(collection, each));
                            } else if (index instanceof Collection<?> names) {
                                names.forEach(
                                        name -> dropOne(collection, existing(collection, name)));
                            } else {
                                dropOne(collection, existing(collection, index));
                            }
                            return new Document("nIndexesWas", before);
                        });
    }

    private static Document existing(ReplicatedCollection collection, @Nullable Object wanted) {
        for (Document description : collection.indexDescriptions()) {
            boolean found =
                    Fields.text(description, "name").equals(wanted)
                            || Fields.document(description, "key").equals(wanted);
            if (found) {
                if ("_id_".equals(description.get("name"))) {
                    throw new CommandError(72, "InvalidOptions", "cannot drop _id index");
                }
                return description;
            }
        }
        throw new CommandError(27, "IndexNotFound", "index not found with name [" + wanted + "]");
    }

    private static void dropOne(ReplicatedCollection collection, Document description) {
        collection.dropIndexNamed(Fields.text(description, "name"));
        log(collection, "dropIndexes", List.of(description));
    }

    private Document list(Request request) {
        Namespace namespace = request.namespace();
        List<Document> indexes =
                node.catalog()
                        .reading(
                                () -> {
                                    ReplicatedCollection collection =
                                            node.catalog().collection(namespace);
                                    if (collection == null) {
                                        throw new CommandError(
                                                26,
                                                "NamespaceNotFound",
                                                "ns does not exist: " + namespace);
                                    }
                                    return collection.indexDescriptions();
                                });
        return reads.open(namespace, new ResultCursor(indexes), Integer.MAX_VALUE, false);
    }
}
