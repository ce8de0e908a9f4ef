package dev.cdcpipeline.embedded.mongo.command;

import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.MongoServerError;

import dev.cdcpipeline.embedded.mongo.oplog.Namespace;
import dev.cdcpipeline.embedded.mongo.oplog.Operation;
import dev.cdcpipeline.embedded.mongo.oplog.Oplog;
import dev.cdcpipeline.embedded.mongo.oplog.OplogWriter;
import dev.cdcpipeline.embedded.mongo.storage.BsonOrder;
import dev.cdcpipeline.embedded.mongo.storage.Catalog;
import dev.cdcpipeline.embedded.mongo.storage.Claimant;
import dev.cdcpipeline.embedded.mongo.storage.Claims;
import dev.cdcpipeline.embedded.mongo.storage.ReplicatedCollection;
import dev.cdcpipeline.embedded.mongo.wire.CommandError;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;

/**
 * A multi-document transaction: it works on a copy of the data as of its start and claims each
 * document that it writes; its commit takes the writes over at once, with one cluster time for all
 * their oplog entries.
 *
 * <p>See https://www.mongodb.com/docs/manual/core/transactions/. Used by one command at a time.
 */
final class Transaction implements OplogWriter {

    static final String TRANSIENT = "TransientTransactionError";

    private enum State {
        OPEN,
        COMMITTED,
        ABORTED
    }

    private final Node node;
    private final Claims claims;
    private final Claimant claimant = new Claimant();
    private final Document lsid;
    private final long number;
    private final Catalog view;
    private final Map<String, Command> commands;
    private final List<Oplog.Pending> writes = new ArrayList<>();
    private final Map<ReplicatedCollection, TreeSet<@Nullable Object>> written =
            new LinkedHashMap<>();
    private State state = State.OPEN;

    Transaction(Node node, Document lsid, long number) {
        this.node = node;
        this.claims = node.claims();
        this.lsid = lsid;
        this.number = number;
        this.view = node.catalog().fork(this);
        this.commands = CommandTable.over(node.over(view));
    }

    long number() {
        return number;
    }

    /** Whether the error ends a transaction that may be tried again. */
    static boolean isTransient(MongoServerError error) {
        return error instanceof CommandError labelled && labelled.labels().contains(TRANSIENT);
    }

    /** Runs a command inside; an error aborts the transaction. */
    synchronized Document run(Request request) {
        checkOpen();
        try {
            Command command = commands.get(request.name());
            if (command == null) {
                throw new CommandError(
                        263,
                        "OperationNotSupportedInTransaction",
                        "Cannot run '" + request.name() + "' in a multi-document transaction.");
            }
            Document reply = command.run(request);
            if (reply.containsKey("writeErrors")) {
                end(State.ABORTED);
            }
            return reply;
        } catch (MongoServerError e) {
            end(State.ABORTED);
            throw e;
        }
    }

    private void checkOpen() {
        if (state != State.OPEN) {
            throw noSuchTransaction(number);
        }
    }

    static CommandError noSuchTransaction(long number) {
        return new CommandError(
                251,
                "NoSuchTransaction",
                "Given transaction number "
                        + number
                        + " does not match any in-progress transactions.",
                TRANSIENT);
    }

    /** Commits; once more is as good as once. */
    synchronized void commit() {
        if (state == State.COMMITTED) {
            return;
        }
        checkOpen();
        node.catalog()
                .writing(
                        () -> {
                            written.forEach(
                                    (collection, ids) ->
                                            ids.forEach(
                                                    id -> node.catalog().commit(collection, id)));
                            if (!writes.isEmpty()) {
                                node.shards().appendTransaction(lsid, number, writes);
                            }
                            return true;
                        });
        if (writes.isEmpty()) {
            node.shards().noops();
        }
        end(State.COMMITTED);
    }

    synchronized void abort() {
        checkOpen();
        end(State.ABORTED);
    }

    /** Aborts if it is still open. */
    synchronized void abandon() {
        if (state == State.OPEN) {
            end(State.ABORTED);
        }
    }

    private void end(State ended) {
        state = ended;
        claims.release(claimant);
    }

    @Override
    public void beforeWrite(UUID collection, @Nullable Object id, @Nullable Document current) {
        boolean writable =
                switch (claims.claim(collection, id, claimant)) {
                    case TAKEN -> unchangedOutside(collection, id, current);
                    case HELD -> true;
                    case REFUSED -> false;
                };
        if (!writable) {
            throw conflict();
        }
    }

    /** Whether nobody has written the document since this transaction began. */
    @SuppressWarnings("ReferenceEquality") // stored documents are never changed, only replaced
    private boolean unchangedOutside(
            UUID collection, @Nullable Object id, @Nullable Document current) {
        return node.catalog()
                .reading(
                        () -> {
                            ReplicatedCollection outside = node.catalog().collection(collection);
                            return outside == null || outside.findById(id) == current;
                        });
    }

    private static CommandError conflict() {
        return new CommandError(
                112,
                "WriteConflict",
                "Caused by :: Write conflict during plan execution and yielding is disabled. :: Please retry your"
                        + " operation or multi-document transaction.",
                TRANSIENT);
    }

    @Override
    public void append(Namespace namespace, @Nullable UUID collection, Operation operation) {
        writes.add(new Oplog.Pending(namespace, collection, operation));
        ReplicatedCollection forked = view.collection(namespace);
        if (forked != null) {
            switch (operation) {
                case Operation.Insert insert -> note(forked, insert.key());
                case Operation.Replace replace -> note(forked, replace.key());
                case Operation.Update update -> note(forked, update.key());
                case Operation.Delete delete -> note(forked, delete.key());
                case Operation.Drop _,
                        Operation.Rename _,
                        Operation.DropDatabase _,
                        Operation.Expanded _,
                        Operation.Noop _ -> {
                    // Changes of the catalog concern no document.
                }
            }
        }
    }

    @Override
    public boolean together(UUID collection, Document key, Document other) {
        return node.shards().together(collection, key, other);
    }

    @Override
    public void appendMove(
            Namespace namespace,
            UUID collection,
            Operation.Delete delete,
            Operation.Insert insert) {
        append(namespace, collection, delete);
        append(namespace, collection, insert);
    }

    private void note(ReplicatedCollection collection, Document key) {
        written.computeIfAbsent(collection, missing -> new TreeSet<>(BsonOrder.INSTANCE))
                .add(key.get("_id"));
    }
}
