package dev.cdcpipeline.embedded.mongo.command;

import de.bwaldvogel.mongo.bson.Document;

import dev.cdcpipeline.embedded.mongo.ServerVersion;
import dev.cdcpipeline.embedded.mongo.cursor.ResultCursor;
import dev.cdcpipeline.embedded.mongo.oplog.Namespace;
import dev.cdcpipeline.embedded.mongo.oplog.Operation;
import dev.cdcpipeline.embedded.mongo.pipeline.DocumentStage;
import dev.cdcpipeline.embedded.mongo.storage.ReplicatedCollection;
import dev.cdcpipeline.embedded.mongo.storage.ReplicatedDatabase;
import dev.cdcpipeline.embedded.mongo.wire.CommandError;
import dev.cdcpipeline.embedded.mongo.wire.Fields;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Databases and collections: create, drop, rename, list, change, measure. */
final class CatalogCommands {

    private static final Set<String> NOT_OPTIONS =
            Set.of(
                    "create",
                    "collMod",
                    "lsid",
                    "txnNumber",
                    "writeConcern",
                    "comment",
                    "apiVersion",
                    "apiStrict");

    private final Node node;
    private final ReadCommands reads;

    CatalogCommands(Node node, ReadCommands reads) {
        this.node = node;
        this.reads = reads;
    }

    void addTo(Map<String, Command> commands) {
        commands.put("create", request -> writing(request, this::create));
        commands.put("collMod", request -> writing(request, this::collMod));
        commands.put("drop", request -> writing(request, this::drop));
        commands.put("dropDatabase", request -> writing(request, this::dropDatabase));
        commands.put("convertToCapped", request -> writing(request, this::convertToCapped));
        commands.put("renameCollection", request -> writing(request, this::rename));
        commands.put("listCollections", this::listCollections);
        commands.put("listDatabases", this::listDatabases);
        commands.put("collStats", this::collStats);
        commands.put("collstats", this::collStats);
        commands.put("dbStats", this::dbStats);
        commands.put("dbstats", this::dbStats);
        commands.put("validate", this::validate);
    }

    private Document writing(Request request, Command action) {
        node.member().checkPrimary();
        return node.catalog().writing(() -> action.run(request));
    }

    private ReplicatedDatabase database(Request request) {
        return node.catalog().database(request.database());
    }

    private ReplicatedCollection existing(Namespace namespace, String message) {
        ReplicatedCollection collection = node.catalog().collection(namespace);
        if (collection == null) {
            throw new CommandError(26, "NamespaceNotFound", message);
        }
        return collection;
    }

    private Document create(Request request) {
        Document options = options(request);
        if (options.containsKey("changeStreamPreAndPostImages")) {
            checkImages();
        }
        for (String unsupported :
                List.of("timeseries", "clusteredIndex", "validator", "collation")) {
            if (options.containsKey(unsupported)) {
                throw new CommandError(
                        238,
                        "NotImplemented",
                        "The embedded server has no collections with '" + unsupported + "'");
            }
        }
        if (request.flag("capped")) {
            throw new CommandError(
                    238, "NotImplemented", "The embedded server has no collections with 'capped'");
        }
        checkName(request.namespace());
        database(request).create(request.namespace().collection(), options);
        return new Document();
    }

    private static void checkName(Namespace namespace) {
        if (namespace.collection().startsWith("system.")) {
            throw new CommandError(
                    73, "InvalidNamespace", "Invalid system namespace: " + namespace);
        }
    }

    private static Document options(Request request) {
        Document options = new Document();
        request.body()
                .forEach(
                        (name, value) -> {
                            if (!NOT_OPTIONS.contains(name) && !name.startsWith("$")) {
                                options.put(name, value);
                            }
                        });
        return options;
    }

    private void checkImages() {
        if (!node.version().isAtLeast(ServerVersion.V6_0)) {
            throw new CommandError(
                    40415,
                    "Location40415",
                    "BSON field 'changeStreamPreAndPostImages' is an unknown field.");
        }
    }

    private Document convertToCapped(Request request) {
        Namespace namespace = request.namespace();
        ReplicatedCollection collection =
                existing(namespace, "source collection " + namespace + " does not exist");
        Document options =
                collection
                        .options()
                        .clone()
                        .append("capped", true)
                        .append("size", request.integer("size", 4096));
        database(request).convertToCapped(collection, options);
        return new Document();
    }

    private Document collMod(Request request) {
        ReplicatedCollection collection = existing(request.namespace(), "ns does not exist");
        Document changes = options(request);
        if (changes.containsKey("changeStreamPreAndPostImages")) {
            checkImages();
        }
        Document before =
                new Document(
                        "collectionOptions",
                        new Document("uuid", collection.getUuid()).appendAll(collection.options()));
        Document options = collection.options().clone();
        options.putAll(changes);
        collection.changeOptions(options);
        collection.append(new Operation.Expanded("modify", changes, before));
        return new Document();
    }

    private Document drop(Request request) {
        Namespace namespace = request.namespace();
        ReplicatedCollection collection = node.catalog().collection(namespace);
        if (collection == null) {
            if (node.version().isAtLeast(ServerVersion.V7_0)) {
                return new Document();
            }
            throw new CommandError(26, "NamespaceNotFound", "ns not found");
        }
        int indexes = collection.indexDescriptions().size();
        database(request).drop(collection);
        return new Document("nIndexesWas", indexes).append("ns", namespace.toString());
    }

    private Document dropDatabase(Request request) {
        boolean existed = !database(request).isEmpty();
        node.catalog().dropDatabase(request.database());
        return existed ? new Document("dropped", request.database()) : new Document();
    }

    private Document rename(Request request) {
        if (!request.database().equals("admin")) {
            throw new CommandError(
                    13,
                    "Unauthorized",
                    "renameCollection may only be run against the admin database.");
        }
        Namespace from = Namespace.parse(String.valueOf(request.body().get(request.name())));
        Namespace to = Namespace.parse(String.valueOf(request.body().get("to")));
        ReplicatedCollection source =
                existing(from, "Source collection " + from + " does not exist");
        checkName(to);
        if (from.equals(to)) {
            throw new CommandError(20, "IllegalOperation", "Can't rename a collection to itself");
        }
        ReplicatedCollection target = node.catalog().collection(to);
        if (target != null && !request.flag("dropTarget")) {
            throw new CommandError(48, "NamespaceExists", "target namespace exists");
        }
        ReplicatedDatabase database = node.catalog().database(to.database());
        if (from.database().equals(to.database())) {
            database.rename(source, to.collection());
        } else {
            database.adopt(source, to.collection());
            node.catalog().database(from.database()).drop(source);
        }
        return new Document();
    }

    private Document listCollections(Request request) {
        Document filter = request.document("filter");
        DocumentStage matches = DocumentStage.compile("$match", filter);
        boolean nameOnly = request.flag("nameOnly");
        List<Document> found =
                node.catalog()
                        .reading(
                                () -> {
                                    List<Document> descriptions = new ArrayList<>();
                                    for (ReplicatedCollection collection :
                                            database(request).collections()) {
                                        Document description = describe(collection);
                                        if (matches.apply(description) != null) {
                                            descriptions.add(
                                                    nameOnly ? named(collection) : description);
                                        }
                                    }
                                    return descriptions;
                                });
        int batchSize =
                request.document("cursor").get("batchSize") instanceof Number size
                        ? size.intValue()
                        : Integer.MAX_VALUE;
        Namespace namespace = new Namespace(request.database(), "$cmd.listCollections");
        return reads.open(namespace, new ResultCursor(found), batchSize, false);
    }

    private static Document named(ReplicatedCollection collection) {
        return new Document("name", collection.getCollectionName())
                .append("type", collection.isView() ? "view" : "collection");
    }

    private static Document describe(ReplicatedCollection collection) {
        if (collection.isView()) {
            return named(collection)
                    .append("options", collection.options())
                    .append("info", new Document("readOnly", true));
        }
        return named(collection)
                .append("options", collection.options())
                .append(
                        "info",
                        new Document("readOnly", false).append("uuid", collection.getUuid()))
                .append("idIndex", collection.indexDescriptions().getFirst());
    }

    private Document listDatabases(Request request) {
        DocumentStage matches = DocumentStage.compile("$match", request.document("filter"));
        List<Document> found =
                node.catalog()
                        .reading(
                                () -> {
                                    List<Document> descriptions = new ArrayList<>();
                                    for (ReplicatedDatabase database :
                                            node.catalog().existingDatabases()) {
                                        Document description =
                                                new Document("name", database.getDatabaseName());
                                        if (!request.flag("nameOnly")) {
                                            description
                                                    .append("sizeOnDisk", 4096L)
                                                    .append("empty", false);
                                        }
                                        if (matches.apply(description) != null) {
                                            descriptions.add(description);
                                        }
                                    }
                                    return descriptions;
                                });
        return new Document("databases", found).append("totalSize", 4096L * found.size());
    }

    private Document collStats(Request request) {
        Namespace namespace = request.namespace();
        return node.catalog()
                .reading(
                        () -> {
                            ReplicatedCollection collection = node.catalog().collection(namespace);
                            Document stats =
                                    collection == null
                                            ? new Document("count", 0).append("size", 0)
                                            : collection.getStats();
                            stats.remove("ok");
                            stats.put("ns", namespace.toString());
                            stats.put("storageSize", stats.get("size"));
                            stats.put("capped", false);
                            return stats;
                        });
    }

    private Document dbStats(Request request) {
        return node.catalog()
                .reading(
                        () -> {
                            long objects = 0;
                            long bytes = 0;
                            for (ReplicatedCollection collection :
                                    database(request).collections()) {
                                Document stats = collection.getStats();
                                objects += Fields.number(stats, "count").longValue();
                                bytes += Fields.number(stats, "size").longValue();
                            }
                            return new Document("db", request.database())
                                    .append(
                                            "collections",
                                            (long) database(request).collections().size())
                                    .append("objects", objects)
                                    .append("dataSize", (double) bytes)
                                    .append("storageSize", (double) bytes);
                        });
    }

    private Document validate(Request request) {
        return node.catalog()
                .reading(
                        () -> {
                            Namespace namespace = request.namespace();
                            ReplicatedCollection collection =
                                    existing(
                                            namespace,
                                            "Collection '"
                                                    + namespace
                                                    + "' does not exist to validate.");
                            return new Document("ns", namespace.toString())
                                    .append("nrecords", collection.count())
                                    .append("nIndexes", collection.indexDescriptions().size())
                                    .append("valid", true)
                                    .append("errors", List.of());
                        });
    }
}
