package dev.cdcpipeline.embedded.mongo.command;

import de.bwaldvogel.mongo.bson.Document;

import dev.cdcpipeline.embedded.mongo.oplog.Namespace;
import dev.cdcpipeline.embedded.mongo.wire.CommandError;
import dev.cdcpipeline.embedded.mongo.wire.Connection;
import dev.cdcpipeline.embedded.mongo.wire.Fields;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * One command as a client sent it.
 *
 * @param name the command's name, which is the body's first field
 */
record Request(Connection connection, String database, String name, Document body) {

    static Request of(Connection connection, Document body) {
        if (body.isEmpty()) {
            throw new CommandError(59, "CommandNotFound", "no such command: ''");
        }
        Object database = body.getOrDefault("$db", "test");
        return new Request(
                connection, String.valueOf(database), body.keySet().iterator().next(), body);
    }

    /** The collection that the command is about: the value of its first field. */
    Namespace namespace() {
        Object collection = body.get(name);
        if (!(collection instanceof String text) || text.isEmpty()) {
            throw new CommandError(
                    73,
                    "InvalidNamespace",
                    "collection name has invalid type or is empty in command " + name);
        }
        return new Namespace(database, text);
    }

    Document document(String field) {
        return body.get(field) instanceof Document document ? document : new Document();
    }

    @Nullable Document documentOrNull(String field) {
        return body.get(field) instanceof Document document ? document : null;
    }

    int integer(String field, int otherwise) {
        return body.get(field) instanceof Number number ? number.intValue() : otherwise;
    }

    boolean flag(String field) {
        return switch (body.get(field)) {
            case Boolean bool -> bool;
            case Number number -> number.doubleValue() != 0;
            case null, default -> false;
        };
    }

    /** The documents of an array field; empty when it is missing. */
    List<Document> documents(String field) {
        return Fields.documents(body, field);
    }
}
