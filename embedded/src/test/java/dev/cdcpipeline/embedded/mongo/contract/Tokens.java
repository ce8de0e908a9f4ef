package dev.cdcpipeline.embedded.mongo.contract;

import org.bson.BsonDocument;
import org.bson.BsonTimestamp;

import java.util.List;

/**
 * Resume tokens as MongoDB's manual describes them: {@code {_data: <hex string>}}, to be compared
 * as strings. The string begins with the cluster time: the type byte 82, then seconds and increment
 * in big-endian order.
 */
final class Tokens {

    private Tokens() {}

    static String data(BsonDocument token) {
        return token.getString("_data").getValue();
    }

    /** The cluster time that a token begins with. */
    static BsonTimestamp clusterTime(BsonDocument token) {
        String data = data(token);
        if (!data.startsWith("82") || data.length() < 18) {
            throw new AssertionError("a resume token begins with 82 and a time, but got " + data);
        }
        return new BsonTimestamp(Long.parseUnsignedLong(data.substring(2, 18), 16));
    }

    /** The tokens ({@code _id}) of events, as strings. */
    static List<String> ofEvents(List<BsonDocument> events) {
        return events.stream().map(event -> data(event.getDocument("_id"))).toList();
    }
}
