package dev.cdcpipeline.embedded.mongo.command;

import de.bwaldvogel.mongo.bson.BinData;
import de.bwaldvogel.mongo.bson.BsonTimestamp;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.MongoServerError;
import de.bwaldvogel.mongo.exception.MongoServerException;

import dev.cdcpipeline.embedded.mongo.ServerVersion;
import dev.cdcpipeline.embedded.mongo.wire.CommandError;
import dev.cdcpipeline.embedded.mongo.wire.Connection;
import dev.cdcpipeline.embedded.mongo.wire.RequestHandler;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the command, runs it, and dresses its reply or error as a replica-set member does.
 * Thread-safe.
 */
public final class CommandDispatcher implements RequestHandler, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CommandDispatcher.class);

    /** Errors by which a member says that it is no primary, or about to end. */
    private static final Set<Integer> STATE_CHANGES =
            Set.of(91, 189, 10058, 10107, 11600, 11602, 13435, 13436);

    private final Map<String, Command> commands = new HashMap<>();
    private final Node node;
    private final FailPoints failPoints;
    private final Stall stall;
    private final CommandFields fields;
    private final Sessions sessions;
    private final Transactions transactions;
    private final @Nullable RouterCommands router;

    public CommandDispatcher(
            Node node, FailPoints failPoints, Stall stall, Runnable dropConnections) {
        this.node = node;
        this.failPoints = failPoints;
        this.stall = stall;
        this.fields = new CommandFields(node.version());
        this.transactions = new Transactions(node);
        this.sessions = new Sessions(transactions);
        commands.putAll(CommandTable.over(node));
        new ReplicaSetCommands(node, dropConnections).addTo(commands);
        this.router = node.shards().isCluster() ? new RouterCommands(node, commands) : null;
        sessions.addTo(commands);
        failPoints.addTo(commands);
        commands.put("listCommands", _ -> new Document("commands", listed()));
    }

    /** The commands by name, as far as clients need to know them. */
    private Document listed() {
        Document listed = new Document();
        commands.keySet().stream()
                .sorted()
                .forEach(name -> listed.put(name, new Document("help", "")));
        return listed;
    }

    @Override
    public @Nullable Document handle(Connection connection, Document body) {
        try {
            Request request = Request.of(connection, body);
            stall.await(request.name());
            FailPoints.Failure failure = failPoints.failureOf(request);
            if (failure != null) {
                Thread.sleep(failure.blockMillis());
                if (failure.closeConnection()) {
                    return null;
                }
                if (failure.error() != null) {
                    return errorReply(failure.error(), failure.error().labels());
                }
            }
            return reply(request);
        } catch (MongoServerError e) {
            return errorReply(e, List.of());
        } catch (MongoServerException | IllegalArgumentException | ClassCastException e) {
            LOG.debug("Command failed", e);
            return errorReply(
                    new CommandError(2, "BadValue", String.valueOf(e.getMessage())), List.of());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return null;
        } catch (RuntimeException e) {
            LOG.warn("Command failed for a reason inside the embedded server", e);
            return errorReply(new CommandError(1, "InternalError", String.valueOf(e)), List.of());
        }
    }

    private Document reply(Request request) {
        try {
            return dressed(run(request), 1.0);
        } catch (MongoServerError e) {
            List<String> own = e instanceof CommandError error ? error.labels() : List.of();
            return errorReply(e, own.isEmpty() ? ErrorCodes.labels(e.getCode(), request) : own);
        }
    }

    private Document run(Request request) {
        fields.check(request);
        if (router != null) {
            router.admit(request);
        }
        if (Transactions.contain(request)) {
            return transactions.run(request);
        }
        Command command = commands.get(request.name());
        if (command == null) {
            throw new CommandError(
                    59, "CommandNotFound", "no such command: '" + request.name() + "'");
        }
        if (request.body().get("$clusterTime") instanceof Document gossip
                && gossip.get("clusterTime") instanceof BsonTimestamp seen) {
            node.shards().advanceTo(seen);
        }
        if ("linearizable".equals(request.document("readConcern").get("level"))) {
            node.shards().noops();
        }
        Document before = sessions.repliedBefore(request);
        if (before != null) {
            return before.clone();
        }
        Document reply = command.run(request);
        sessions.remember(request, reply.clone());
        return reply;
    }

    private Document errorReply(MongoServerError error, List<String> labels) {
        Document reply = new Document("errmsg", error.getMessageWithoutErrorCode());
        if (error.getCode() != 0) {
            reply.append("code", error.getCode()).append("codeName", error.getCodeName());
        }
        if (STATE_CHANGES.contains(error.getCode())
                && node.version().isAtLeast(ServerVersion.V5_0)) {
            // By it a driver tells a change that it has yet to learn of from an old or feigned one.
            reply.put("topologyVersion", node.member().topologyVersion());
        }
        if (!labels.isEmpty()) {
            reply.put("errorLabels", labels);
        }
        if (error instanceof dev.cdcpipeline.embedded.mongo.storage.DuplicateKey duplicate) {
            reply.append("keyPattern", duplicate.keyPattern())
                    .append("keyValue", duplicate.keyValue());
        }
        return dressed(reply, 0.0);
    }

    private Document dressed(Document reply, double ok) {
        reply.put("ok", ok);
        BsonTimestamp time = node.shards().lastTime();
        Document signature = new Document("hash", new BinData(new byte[20])).append("keyId", 0L);
        reply.put("$clusterTime", new Document("clusterTime", time).append("signature", signature));
        reply.put("operationTime", time);
        return reply;
    }

    /** Aborts the transactions that are open. */
    @Override
    public void close() {
        transactions.endAll();
    }
}
