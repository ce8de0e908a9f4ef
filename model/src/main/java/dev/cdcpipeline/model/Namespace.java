package dev.cdcpipeline.model;

/**
 * A MongoDB namespace.
 *
 * @param database the database, never empty
 * @param collection the collection; empty for a namespace that is a whole database
 */
public record Namespace(String database, String collection) {

    /** Checks the parts. */
    public Namespace {
        if (database.isEmpty() || database.indexOf('.') >= 0) {
            throw new IllegalArgumentException(
                    "A database name is not empty and has no dot, but it is '" + database + "'.");
        }
    }

    /** The namespace that is a whole database. */
    public static Namespace ofDatabase(String database) {
        return new Namespace(database, "");
    }

    /**
     * The namespace of {@code {"db": ..., "coll": ...}}, as an event's {@code ns}.
     *
     * @throws MalformedMessageException when it has no database
     */
    public static Namespace of(RawDocument ns) {
        String database = ns.string("db");
        String collection = ns.string("coll");
        if (database == null || database.isEmpty() || database.indexOf('.') >= 0) {
            throw new MalformedMessageException("a namespace without a database", ns.offset());
        }
        return new Namespace(database, collection == null ? "" : collection);
    }

    /** Reads {@code db.collection}, split at the first dot, or {@code db} alone. */
    public static Namespace parse(String text) {
        int dot = text.indexOf('.');
        return dot < 0
                ? ofDatabase(text)
                : new Namespace(text.substring(0, dot), text.substring(dot + 1));
    }

    /** Is it a whole database rather than a collection? */
    public boolean isDatabase() {
        return collection.isEmpty();
    }

    /** {@code db.collection}, or {@code db} alone. */
    @Override
    public String toString() {
        return isDatabase() ? database : database + "." + collection;
    }
}
