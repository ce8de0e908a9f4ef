package dev.cdcpipeline.embedded.mongo.command;

import de.bwaldvogel.mongo.bson.Document;

import dev.cdcpipeline.embedded.mongo.wire.Fields;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Logical sessions: a retried write is answered with the reply that the first try had.
 *
 * <p>See https://www.mongodb.com/docs/manual/core/retryable-writes/. Thread-safe.
 */
final class Sessions {

    private record Answered(long transactionNumber, Document reply) {}

    private final Map<Object, Answered> answered = new ConcurrentHashMap<>();

    private final Transactions transactions;

    Sessions(Transactions transactions) {
        this.transactions = transactions;
    }

    void addTo(Map<String, Command> commands) {
        commands.put("startSession", _ -> start());
        commands.put("endSessions", this::end);
        commands.put("refreshSessions", _ -> new Document());
        commands.put("killSessions", this::end);
        commands.put("killAllSessions", _ -> new Document());
    }

    private static Document start() {
        return new Document("id", new Document("id", UUID.randomUUID()))
                .append("timeoutMinutes", 30);
    }

    private Document end(Request request) {
        if (request.body().get(request.name()) instanceof List<?> ids) {
            for (Object id : ids) {
                Object session = id instanceof Document lsid ? lsid.get("id") : null;
                if (session != null) {
                    answered.remove(session);
                    transactions.end(session);
                }
            }
        }
        return new Document();
    }

    /** The reply that this write had already, null when it is new. */
    @Nullable Document repliedBefore(Request request) {
        Object session = session(request);
        Answered last = session == null ? null : answered.get(session);
        return last != null && last.transactionNumber() == number(request) ? last.reply() : null;
    }

    void remember(Request request, Document reply) {
        Object session = session(request);
        if (session != null) {
            answered.put(session, new Answered(number(request), reply));
        }
    }

    /** The session of a retryable write, null for everything else. */
    private static @Nullable Object session(Request request) {
        boolean retryable =
                request.body().get("txnNumber") instanceof Long
                        && !request.body().containsKey("autocommit");
        return retryable && request.body().get("lsid") instanceof Document lsid
                ? lsid.get("id")
                : null;
    }

    private static long number(Request request) {
        return Fields.number(request.body(), "txnNumber").longValue();
    }
}
