package dev.cdcpipeline.embedded.mongo.oplog;

import de.bwaldvogel.mongo.bson.Document;

/**
 * A database and a collection.
 *
 * @param collection empty when only the database is meant
 */
public record Namespace(String database, String collection) {

    /** Reads {@code database.collection}; the collection's name may contain dots. */
    public static Namespace parse(String full) {
        int dot = full.indexOf('.');
        return dot < 0
                ? new Namespace(full, "")
                : new Namespace(full.substring(0, dot), full.substring(dot + 1));
    }

    /** As change events show it: {@code {db, coll}}, or {@code {db}}. */
    public Document toDocument() {
        Document document = new Document("db", database);
        if (!collection.isEmpty()) {
            document.put("coll", collection);
        }
        return document;
    }

    @Override
    public String toString() {
        return collection.isEmpty() ? database : database + "." + collection;
    }
}
