package dev.cdcpipeline.cli.doctor;

import com.mongodb.MongoException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoDatabase;

import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.watcher.capture.Scope;

import org.bson.BsonBoolean;
import org.bson.BsonDocument;

import java.util.ArrayList;
import java.util.List;

/** Looks whether the collections of the scope keep the post-images that a Watcher requires. */
final class PostImageDoctor {
    private static final String OPTION = "changeStreamPreAndPostImages";

    private final Scope scope;
    private final Findings findings;

    PostImageDoctor(Scope scope, Findings findings) {
        this.scope = scope;
        this.findings = findings;
    }

    void examine(MongoClient client) {
        String what = "MongoDB post-images";
        try {
            var lacking = new ArrayList<Namespace>();
            for (String name : client.listDatabaseNames()) {
                lacking(client.getDatabase(name), lacking);
            }
            lacking.forEach(
                    namespace ->
                            findings.wrong(
                                    what + " of " + namespace,
                                    "are not kept, and watcher.post-image is required",
                                    enable(namespace)));
            if (lacking.isEmpty()) {
                findings.ok(what, "kept by every collection of the scope");
            }
        } catch (MongoException e) {
            findings.note(what, "this user may not list the collections: " + Reason.of(e), "");
        }
    }

    private void lacking(MongoDatabase database, List<Namespace> lacking) {
        for (BsonDocument each : database.listCollections(BsonDocument.class)) {
            var namespace = new Namespace(database.getName(), each.getString("name").getValue());
            BsonDocument none = new BsonDocument();
            boolean kept =
                    each.getDocument("options", none)
                            .getDocument(OPTION, none)
                            .getBoolean("enabled", BsonBoolean.FALSE)
                            .getValue();
            if (scope.covers(namespace) && !kept) {
                lacking.add(namespace);
            }
        }
    }

    private static String enable(Namespace namespace) {
        return "in mongosh: db.getSiblingDB('%s').runCommand({collMod: '%s', %s: {enabled: true}})"
                .formatted(namespace.database(), namespace.collection(), OPTION);
    }
}
