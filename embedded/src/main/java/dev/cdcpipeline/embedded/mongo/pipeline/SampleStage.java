package dev.cdcpipeline.embedded.mongo.pipeline;

import de.bwaldvogel.mongo.bson.Document;

import dev.cdcpipeline.embedded.mongo.wire.CommandError;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/**
 * {@code $sample}: so many of the documents, by chance, each at most once.
 *
 * <p>See https://www.mongodb.com/docs/manual/reference/operator/aggregation/sample/.
 *
 * @param size how many
 */
public record SampleStage(long size) {

    /** Reads the stage's argument. */
    public static SampleStage parse(@Nullable Object argument) {
        if (!(argument instanceof Document options)) {
            throw error(28745, "the $sample stage specification must be an object");
        }
        for (String name : options.keySet()) {
            if (!name.equals("size")) {
                throw error(28748, "unrecognized option to $sample: " + name);
            }
        }
        if (!options.containsKey("size")) {
            throw error(28749, "$sample stage must specify a size");
        }
        if (!(options.get("size") instanceof Number size)) {
            throw error(28746, "size argument to $sample must be a number");
        }
        if (size.longValue() < 0) {
            throw error(28747, "size argument to $sample must not be negative");
        }
        return new SampleStage(size.longValue());
    }

    /** The documents it takes. */
    public Stream<Document> apply(Stream<Document> documents) {
        List<Document> all = new ArrayList<>(documents.toList());
        Collections.shuffle(all);
        return all.stream().limit(size);
    }

    private static CommandError error(int code, String message) {
        return new CommandError(code, "Location" + code, message);
    }
}
