package dev.cdcpipeline.embedded.mongo.contract;

import static dev.cdcpipeline.embedded.mongo.contract.Bson.doc;

import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.BsonTimestamp;
import org.bson.BsonValue;

import java.util.ArrayList;
import java.util.List;

/**
 * What is asked of a change stream: where it watches, the options of {@code $changeStream}, the
 * stages after it, and the size of its batches.
 *
 * @param database the database that the {@code aggregate} goes to
 * @param target the collection's name, or 1 for a whole database or the cluster
 * @param options the options of the {@code $changeStream} stage
 * @param pipeline the stages after it
 * @param cursor the {@code cursor} field of the {@code aggregate}
 */
record StreamSpec(
        String database,
        BsonValue target,
        BsonDocument options,
        List<BsonDocument> pipeline,
        BsonDocument cursor) {

    static StreamSpec collection(String database, String collection) {
        return new StreamSpec(
                database, new BsonString(collection), new BsonDocument(), List.of(), doc("{}"));
    }

    static StreamSpec database(String database) {
        return new StreamSpec(database, new BsonInt32(1), new BsonDocument(), List.of(), doc("{}"));
    }

    /** The whole cluster, but only the events of some databases: a server may have other users. */
    static StreamSpec cluster(List<String> databases) {
        BsonDocument own =
                new BsonDocument(
                        "$match",
                        new BsonDocument(
                                "ns.db",
                                new BsonDocument(
                                        "$in", Bson.strings(databases.toArray(String[]::new)))));
        return new StreamSpec(
                "admin",
                new BsonInt32(1),
                new BsonDocument("allChangesForCluster", BsonBoolean.TRUE),
                List.of(own),
                doc("{}"));
    }

    StreamSpec with(String option, BsonValue value) {
        return new StreamSpec(
                database, target, options.clone().append(option, value), pipeline, cursor);
    }

    StreamSpec with(BsonDocument moreOptions) {
        BsonDocument merged = options.clone();
        merged.putAll(moreOptions);
        return new StreamSpec(database, target, merged, pipeline, cursor);
    }

    StreamSpec fullDocument(String mode) {
        return with("fullDocument", new BsonString(mode));
    }

    StreamSpec resumeAfter(BsonDocument token) {
        return with("resumeAfter", token);
    }

    StreamSpec startAfter(BsonDocument token) {
        return with("startAfter", token);
    }

    StreamSpec startAt(BsonTimestamp operationTime) {
        return with("startAtOperationTime", operationTime);
    }

    StreamSpec then(BsonDocument... stages) {
        List<BsonDocument> all = new ArrayList<>(pipeline);
        all.addAll(List.of(stages));
        return new StreamSpec(database, target, options, all, cursor);
    }

    StreamSpec batchSize(int size) {
        return new StreamSpec(
                database,
                target,
                options,
                pipeline,
                new BsonDocument("batchSize", new BsonInt32(size)));
    }

    /** The {@code aggregate} command that opens the stream. */
    BsonDocument aggregate() {
        BsonArray stages = new BsonArray();
        stages.add(new BsonDocument("$changeStream", options));
        stages.addAll(pipeline);
        return new BsonDocument("aggregate", target)
                .append("pipeline", stages)
                .append("cursor", cursor);
    }
}
