package dev.cdcpipeline.watcher.app;

import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;

import org.bson.Document;
import org.jspecify.annotations.Nullable;

/**
 * A document whose {@code _id} is a number of whatever type.
 *
 * @param session the transaction in which it is read and written, null for none
 * @param id the number
 */
record OneDocument(@Nullable ClientSession session, MongoCollection<Document> collection, int id) {

    @Nullable Document find() {
        return session == null
                ? collection.find(Filters.eq(id)).first()
                : collection.find(session, Filters.eq(id)).first();
    }

    void insert(Document document) {
        var _ =
                session == null
                        ? collection.insertOne(document)
                        : collection.insertOne(session, document);
    }

    void update(int number) {
        var update = Updates.set("n", number);
        var _ =
                session == null
                        ? collection.updateOne(Filters.eq(id), update)
                        : collection.updateOne(session, Filters.eq(id), update);
    }

    void replace(Document document) {
        var _ =
                session == null
                        ? collection.replaceOne(Filters.eq(id), document)
                        : collection.replaceOne(session, Filters.eq(id), document);
    }

    void delete() {
        var _ =
                session == null
                        ? collection.deleteOne(Filters.eq(id))
                        : collection.deleteOne(session, Filters.eq(id));
    }
}
