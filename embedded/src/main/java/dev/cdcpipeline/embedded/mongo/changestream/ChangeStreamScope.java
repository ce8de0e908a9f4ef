package dev.cdcpipeline.embedded.mongo.changestream;

import dev.cdcpipeline.embedded.mongo.oplog.Namespace;
import dev.cdcpipeline.embedded.mongo.oplog.Operation;
import dev.cdcpipeline.embedded.mongo.oplog.OplogEntry;
import dev.cdcpipeline.embedded.mongo.wire.CommandError;

import java.util.Set;

/** What a change stream watches: a collection, a database, or the whole cluster. */
public sealed interface ChangeStreamScope {

    Set<String> INTERNAL_DATABASES = Set.of("admin", "config", "local");

    /** Whether the entry is of the scope. */
    boolean covers(OplogEntry entry);

    /** Whether the entry ends the stream. */
    boolean invalidatedBy(OplogEntry entry);

    record OfCollection(Namespace namespace) implements ChangeStreamScope {

        @Override
        public boolean covers(OplogEntry entry) {
            return switch (entry.operation()) {
                case Operation.Rename rename ->
                        entry.namespace().equals(namespace) || rename.to().equals(namespace);
                case Operation.Noop _, Operation.DropDatabase _ -> false;
                default -> entry.namespace().equals(namespace);
            };
        }

        @Override
        public boolean invalidatedBy(OplogEntry entry) {
            return entry.operation() instanceof Operation.Drop
                    || entry.operation() instanceof Operation.Rename;
        }
    }

    record OfDatabase(String database) implements ChangeStreamScope {

        @Override
        public boolean covers(OplogEntry entry) {
            return entry.namespace().database().equals(database) && isUserCollection(entry);
        }

        @Override
        public boolean invalidatedBy(OplogEntry entry) {
            return entry.operation() instanceof Operation.DropDatabase;
        }
    }

    record OfCluster() implements ChangeStreamScope {

        @Override
        public boolean covers(OplogEntry entry) {
            return !INTERNAL_DATABASES.contains(entry.namespace().database())
                    && isUserCollection(entry);
        }

        @Override
        public boolean invalidatedBy(OplogEntry entry) {
            return false;
        }
    }

    private static boolean isUserCollection(OplogEntry entry) {
        return !(entry.operation() instanceof Operation.Noop)
                && !entry.namespace().collection().startsWith("system.");
    }

    /**
     * The scope of {@code aggregate} with a {@code $changeStream} stage.
     *
     * @param collection empty for {@code aggregate: 1}
     * @param wholeCluster the stage's allChangesForCluster
     */
    static ChangeStreamScope of(String database, String collection, boolean wholeCluster) {
        if (wholeCluster) {
            if (!database.equals("admin") || !collection.isEmpty()) {
                throw new CommandError(
                        72,
                        "InvalidOptions",
                        "A $changeStream with 'allChangesForCluster:true' may only be opened on the 'admin' database,"
                                + " and with no collection name; found "
                                + new Namespace(database, collection));
            }
            return new OfCluster();
        }
        if (INTERNAL_DATABASES.contains(database)) {
            throw new CommandError(
                    73,
                    "InvalidNamespace",
                    "$changeStream may not be opened on the internal " + database + " database");
        }
        if (collection.startsWith("system.")) {
            throw new CommandError(
                    73,
                    "InvalidNamespace",
                    "$changeStream may not be opened on the internal "
                            + database
                            + "."
                            + collection
                            + " collection");
        }
        return collection.isEmpty()
                ? new OfDatabase(database)
                : new OfCollection(new Namespace(database, collection));
    }
}
