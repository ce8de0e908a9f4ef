package dev.cdcpipeline.embedded.mongo.command;

import de.bwaldvogel.mongo.bson.BinData;
import de.bwaldvogel.mongo.bson.Document;

import dev.cdcpipeline.embedded.mongo.wire.CommandError;
import dev.cdcpipeline.embedded.mongo.wire.Fields;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The sessions' transactions: which command belongs to which. Thread-safe. */
final class Transactions {

    private static final Set<String> ALLOWED =
            Set.of(
                    "find",
                    "aggregate",
                    "distinct",
                    "getMore",
                    "killCursors",
                    "insert",
                    "update",
                    "delete",
                    "findAndModify",
                    "findandmodify",
                    "create",
                    "createIndexes");

    private final Node node;
    private final Map<Object, Transaction> transactions = new ConcurrentHashMap<>();

    Transactions(Node node) {
        this.node = node;
    }

    /** Whether the command is part of a transaction. */
    static boolean contain(Request request) {
        return Boolean.FALSE.equals(request.body().get("autocommit"));
    }

    Document run(Request request) {
        Document lsid = Fields.document(request.body(), "lsid");
        Object session = lsid.getOrDefault("id", "");
        long number = Fields.number(request.body(), "txnNumber").longValue();
        if (request.flag("startTransaction")) {
            start(session, lsid, number);
        }
        Transaction transaction = transactions.get(session);
        if (transaction == null || transaction.number() != number) {
            throw Transaction.noSuchTransaction(number);
        }
        switch (request.name()) {
            case "commitTransaction" -> transaction.commit();
            case "abortTransaction" -> transaction.abort();
            default -> {
                return runInside(transaction, request);
            }
        }
        return new Document();
    }

    private static Document runInside(Transaction transaction, Request request) {
        if (!ALLOWED.contains(request.name())) {
            transaction.abandon();
            throw new CommandError(
                    263,
                    "OperationNotSupportedInTransaction",
                    "Cannot run '" + request.name() + "' in a multi-document transaction.");
        }
        return transaction.run(request);
    }

    private void start(Object session, Document lsid, long number) {
        Transaction previous = transactions.get(session);
        if (previous != null) {
            if (previous.number() >= number) {
                throw new CommandError(
                        225,
                        "TransactionTooOld",
                        "Cannot start transaction "
                                + number
                                + " because "
                                + previous.number()
                                + " was started");
            }
            previous.abandon();
        }
        node.member().checkPrimary();
        transactions.put(session, new Transaction(node, withUser(lsid), number));
    }

    /** The session as the oplog names it: with the digest of its user, who is nobody here. */
    private static Document withUser(Document lsid) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest("".getBytes(StandardCharsets.UTF_8));
            return new Document("id", lsid.get("id")).append("uid", new BinData(digest));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /** Aborts the transaction of a session that ends. */
    void end(@Nullable Object session) {
        Transaction transaction = session == null ? null : transactions.remove(session);
        if (transaction != null) {
            transaction.abandon();
        }
    }

    void endAll() {
        List.copyOf(transactions.keySet()).forEach(this::end);
    }
}
