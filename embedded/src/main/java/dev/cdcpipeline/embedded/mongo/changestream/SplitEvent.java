package dev.cdcpipeline.embedded.mongo.changestream;

import de.bwaldvogel.mongo.bson.Document;

import dev.cdcpipeline.embedded.mongo.cursor.Batch;
import dev.cdcpipeline.embedded.mongo.wire.CommandError;
import dev.cdcpipeline.embedded.mongo.wire.EncodedDocument;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * Splits a large event into fragments by its top-level fields.
 *
 * <p>See
 * https://www.mongodb.com/docs/manual/reference/operator/aggregation/changeStreamSplitLargeEvent/.
 */
final class SplitEvent {

    private static final int OVERHEAD_BYTES = 1024;

    private SplitEvent() {}

    /**
     * @param token gives the resume token of a fragment by its number, from 1
     */
    static List<Document> fragments(Document event, IntFunction<Document> token) {
        List<Document> parts = new ArrayList<>();
        Document part = new Document();
        int bytes = 0;
        for (Map.Entry<String, Object> field : event.entrySet()) {
            if (field.getKey().equals("_id")) {
                continue;
            }
            int size = EncodedDocument.of(new Document(field.getKey(), field.getValue())).size();
            if (size + OVERHEAD_BYTES > Batch.MAX_BYTES) {
                throw new CommandError(
                        7182500,
                        "Location7182500",
                        "Splitting change event failed: field '"
                                + field.getKey()
                                + "' is too large",
                        CommandError.NON_RESUMABLE);
            }
            if (bytes + size + OVERHEAD_BYTES > Batch.MAX_BYTES) {
                parts.add(part);
                part = new Document();
                bytes = 0;
            }
            part.put(field.getKey(), field.getValue());
            bytes += size;
        }
        parts.add(part);
        return numbered(parts, token);
    }

    private static List<Document> numbered(List<Document> parts, IntFunction<Document> token) {
        List<Document> fragments = new ArrayList<>();
        for (int number = 1; number <= parts.size(); number++) {
            Document fragment = new Document("_id", token.apply(number));
            fragment.put("splitEvent", new Document("fragment", number).append("of", parts.size()));
            fragment.putAll(parts.get(number - 1));
            fragments.add(fragment);
        }
        return fragments;
    }
}
