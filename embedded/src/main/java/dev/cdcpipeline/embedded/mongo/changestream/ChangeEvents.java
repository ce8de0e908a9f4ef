package dev.cdcpipeline.embedded.mongo.changestream;

import de.bwaldvogel.mongo.bson.Document;

import dev.cdcpipeline.embedded.mongo.oplog.Operation;
import dev.cdcpipeline.embedded.mongo.oplog.OplogEntry;
import dev.cdcpipeline.embedded.mongo.oplog.TransactionPosition;
import dev.cdcpipeline.embedded.mongo.oplog.UpdateDescription;
import dev.cdcpipeline.embedded.mongo.wire.CommandError;

import org.jspecify.annotations.Nullable;

/**
 * Turns oplog entries into change events, their fields in the server's order.
 *
 * <p>See https://www.mongodb.com/docs/manual/reference/change-events/.
 */
final class ChangeEvents {

    private final ChangeStreamOptions options;
    private final ServerFeatures features;
    private final DocumentLookup lookup;

    ChangeEvents(ChangeStreamOptions options, ServerFeatures features, DocumentLookup lookup) {
        this.options = options;
        this.features = features;
        this.lookup = lookup;
    }

    /** Whether this stream shows such an entry at all. */
    boolean shows(OplogEntry entry) {
        return !(entry.operation() instanceof Operation.Expanded) || options.expandedEvents();
    }

    /** What the event's token identifies. */
    EventIdentity identity(OplogEntry entry) {
        return new EventIdentity(type(entry.operation()), documentKey(entry.operation()));
    }

    Document event(OplogEntry entry) {
        Operation operation = entry.operation();
        EventIdentity identity = identity(entry);
        Document event = new Document();
        addTransaction(event, entry.transaction());
        if (operation instanceof Operation.Rename rename && !features.wallTime()) {
            event.put("to", rename.to().toDocument());
        }
        event.put("_id", ResumeToken.ofEvent(entry, identity, features.tokenVersionTwo()));
        addHead(event, identity.operationType(), entry);
        addFullDocument(event, entry);
        event.put("ns", entry.namespace().toDocument());
        if (operation instanceof Operation.Rename rename && features.wallTime()) {
            event.put("to", rename.to().toDocument());
        }
        if (identity.documentKey() != null) {
            event.put("documentKey", identity.documentKey());
        }
        addDetails(event, operation);
        addBeforeChange(event, operation);
        return event;
    }

    Document invalidate(OplogEntry entry) {
        Document event =
                new Document(
                        "_id",
                        ResumeToken.ofEvent(
                                entry,
                                new EventIdentity("invalidate", null),
                                features.tokenVersionTwo()));
        addHead(event, "invalidate", entry);
        return event;
    }

    private void addHead(Document event, String type, OplogEntry entry) {
        event.put("operationType", type);
        event.put("clusterTime", entry.time());
        if (options.expandedEvents() && entry.collection() != null && !type.equals("invalidate")) {
            event.put("collectionUUID", entry.collection());
        }
        if (features.wallTime()) {
            event.put("wallTime", entry.wall());
        }
    }

    private static void addTransaction(Document event, @Nullable TransactionPosition transaction) {
        if (transaction != null) {
            event.put("txnNumber", transaction.number());
            event.put("lsid", transaction.lsid());
        }
    }

    private void addFullDocument(Document event, OplogEntry entry) {
        switch (entry.operation()) {
            case Operation.Insert insert -> event.put("fullDocument", insert.document());
            case Operation.Replace replace -> event.put("fullDocument", replace.document());
            case Operation.Update update -> addPostImage(event, entry, update);
            default -> {
                // The others concern no document, or one that is gone.
            }
        }
    }

    private void addPostImage(Document event, OplogEntry entry, Operation.Update update) {
        switch (options.fullDocument()) {
            case "updateLookup" ->
                    event.put(
                            "fullDocument",
                            lookup.find(
                                    entry.namespace(),
                                    entry.collection(),
                                    update.key().get("_id")));
            case "whenAvailable" -> event.put("fullDocument", update.after());
            case "required" ->
                    event.put(
                            "fullDocument",
                            required("post-image for all update", update.after(), event));
            default -> {
                // The update's description says it all.
            }
        }
    }

    private void addBeforeChange(Document event, Operation operation) {
        if (options.fullDocumentBeforeChange().equals("off")) {
            return;
        }
        switch (operation) {
            case Operation.Update update -> addBefore(event, update.before());
            case Operation.Replace replace -> addBefore(event, replace.before());
            case Operation.Delete delete -> addBefore(event, delete.before());
            default -> {
                // There was no document before.
            }
        }
    }

    private void addBefore(Document event, @Nullable Document before) {
        event.put(
                "fullDocumentBeforeChange",
                options.fullDocumentBeforeChange().equals("required")
                        ? required("pre-image for all update, delete and replace", before, event)
                        : before);
    }

    private static Document required(String what, @Nullable Document image, Document event) {
        if (image == null) {
            throw new CommandError(
                    47,
                    "NoMatchingDocument",
                    "Change stream was configured to require a "
                            + what
                            + " events, but the "
                            + what.substring(0, what.indexOf(' '))
                            + " was not found for event: _id: "
                            + event.get("_id"),
                    CommandError.NON_RESUMABLE);
        }
        return image;
    }

    private void addDetails(Document event, Operation operation) {
        if (operation instanceof Operation.Update update) {
            event.put("updateDescription", describe(update.description()));
        } else if (operation instanceof Operation.Expanded expanded) {
            event.put("operationDescription", expanded.description());
            if (expanded.stateBefore() != null) {
                event.put("stateBeforeChange", expanded.stateBefore());
            }
        } else if (operation instanceof Operation.Rename rename && options.expandedEvents()) {
            event.put("operationDescription", new Document("to", rename.to().toDocument()));
        }
    }

    private Document describe(UpdateDescription description) {
        Document document =
                new Document("updatedFields", description.updatedFields())
                        .append("removedFields", description.removedFields());
        if (features.truncatedArrays()) {
            document.put("truncatedArrays", description.truncatedArrays());
        }
        if (options.expandedEvents()) {
            document.put("disambiguatedPaths", description.disambiguatedPaths());
        }
        return document;
    }

    private static String type(Operation operation) {
        return switch (operation) {
            case Operation.Insert _ -> "insert";
            case Operation.Update _ -> "update";
            case Operation.Replace _ -> "replace";
            case Operation.Delete _ -> "delete";
            case Operation.Drop _ -> "drop";
            case Operation.Rename _ -> "rename";
            case Operation.DropDatabase _ -> "dropDatabase";
            case Operation.Expanded expanded -> expanded.type();
            case Operation.Noop _ -> "noop";
        };
    }

    private static @Nullable Document documentKey(Operation operation) {
        return switch (operation) {
            case Operation.Insert insert -> insert.key();
            case Operation.Replace replace -> replace.key();
            case Operation.Update update -> update.key();
            case Operation.Delete delete -> delete.key();
            case Operation.Drop _,
                    Operation.Rename _,
                    Operation.DropDatabase _,
                    Operation.Expanded _,
                    Operation.Noop _ ->
                    null;
        };
    }
}
