package dev.cdcpipeline.watcher.capture;

import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.BsonValue;

import java.util.ArrayList;
import java.util.List;

/**
 * What a change stream yields, wherever it begins.
 *
 * @param scope which collections
 * @param postImage where whole documents of updates come from
 * @param excludedFields paths within the documents that never leave the server
 * @param stages further stages of the operator, after everything else
 * @param splitLargeEvents whether the server splits events over 16 MB (servers 6.0.9, 7.0 and
 *     later)
 * @param sharded whether it is read through a mongos, where a document that moves to another shard
 *     is deleted and inserted
 */
public record StreamDefinition(
        Scope scope,
        PostImage postImage,
        List<String> excludedFields,
        List<BsonDocument> stages,
        boolean splitLargeEvents,
        boolean sharded) {

    /** Makes the lists immutable. */
    public StreamDefinition {
        excludedFields = List.copyOf(excludedFields);
        stages = List.copyOf(stages);
    }

    /** The {@code aggregate} command that opens the stream. */
    public BsonDocument command(StartFrom start) {
        StreamTarget target = scope.target();
        BsonDocument changeStream = new BsonDocument();
        switch (postImage) {
            case SERVER -> changeStream.append("fullDocument", new BsonString("updateLookup"));
            case REQUIRED -> changeStream.append("fullDocument", new BsonString("required"));
            case WHEN_AVAILABLE ->
                    changeStream.append("fullDocument", new BsonString("whenAvailable"));
            case BATCHED, OFF -> {
                // The server's default: no look-up.
            }
        }
        if (target instanceof StreamTarget.Cluster) {
            changeStream.append("allChangesForCluster", BsonBoolean.TRUE);
        }
        start.addTo(changeStream);
        BsonArray pipeline = new BsonArray();
        pipeline.add(new BsonDocument("$changeStream", changeStream));
        pipeline.addAll(stagesAfterTheFirst());
        BsonValue of =
                target instanceof StreamTarget.Collection c
                        ? new BsonString(c.collection())
                        : new BsonInt32(1);
        return new BsonDocument("aggregate", of)
                .append("pipeline", pipeline)
                .append("cursor", new BsonDocument("batchSize", new BsonInt32(0)))
                .append("readConcern", new BsonDocument("level", new BsonString("majority")));
    }

    private List<BsonDocument> stagesAfterTheFirst() {
        List<BsonDocument> all = new ArrayList<>();
        BsonDocument match = scope.match();
        if (match != null) {
            all.add(match);
        }
        if (!excludedFields.isEmpty()) {
            all.add(new BsonDocument("$unset", unset()));
        }
        all.addAll(stages);
        if (splitLargeEvents) {
            all.add(new BsonDocument("$changeStreamSplitLargeEvent", new BsonDocument()));
        }
        return all;
    }

    /**
     * {@code updateDescription} goes as a whole: the names of its updated fields are dotted paths,
     * which {@code $unset} would not find.
     */
    private BsonArray unset() {
        BsonArray fields = new BsonArray();
        for (String path : excludedFields) {
            fields.add(new BsonString("fullDocument." + path));
            fields.add(new BsonString("fullDocumentBeforeChange." + path));
        }
        fields.add(new BsonString("updateDescription"));
        return fields;
    }

    /**
     * The projection that keeps the excluded fields out of a look-up; empty when there are none.
     */
    BsonDocument projection() {
        BsonDocument projection = new BsonDocument();
        excludedFields.forEach(path -> projection.append(path, new BsonInt32(0)));
        return projection;
    }

    /** The filter and shape of the stream as text, to recognise it again. */
    public String pipelineText() {
        return new BsonDocument("pipeline", new BsonArray(stagesAfterTheFirst())).toJson();
    }
}
