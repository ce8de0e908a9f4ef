package dev.cdcpipeline.embedded.mongo.command;

import de.bwaldvogel.mongo.bson.BsonTimestamp;
import de.bwaldvogel.mongo.bson.Document;

import dev.cdcpipeline.embedded.mongo.ServerVersion;
import dev.cdcpipeline.embedded.mongo.wire.CommandError;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * How the member presents itself: greeting, replica-set status, build and server information.
 *
 * <p>See https://www.mongodb.com/docs/manual/reference/command/hello/.
 */
final class ReplicaSetCommands {

    static final int MAX_WRITE_BATCH_SIZE = 100_000;

    private static final int SESSION_MINUTES = 30;

    private final Node node;
    private final Runnable dropConnections;

    ReplicaSetCommands(Node node, Runnable dropConnections) {
        this.node = node;
        this.dropConnections = dropConnections;
    }

    void addTo(Map<String, Command> commands) {
        if (node.version().isAtLeast(ServerVersion.V5_0)) {
            commands.put("hello", request -> greeting(request, "isWritablePrimary"));
        }
        commands.put("isMaster", request -> greeting(request, "ismaster"));
        commands.put("ismaster", request -> greeting(request, "ismaster"));
        commands.put("ping", _ -> new Document());
        commands.put("buildInfo", _ -> buildInfo());
        commands.put("buildinfo", _ -> buildInfo());
        commands.put("replSetGetStatus", _ -> status());
        commands.put("replSetGetConfig", _ -> new Document("config", config()));
        commands.put("replSetStepDown", this::stepDown);
        commands.put("serverStatus", _ -> serverStatus());
        commands.put(
                "whatsmyuri", request -> new Document("you", request.connection().remoteAddress()));
        commands.put("connectionStatus", _ -> connectionStatus());
        commands.put(
                "getCmdLineOpts",
                _ -> new Document("argv", List.of("mongod")).append("parsed", new Document()));
        commands.put(
                "hostInfo",
                _ -> new Document("system", new Document("hostname", node.member().address())));
        commands.put("getLog", _ -> new Document("totalLinesWritten", 0).append("log", List.of()));
        commands.put("getParameter", this::parameters);
        commands.put("appendOplogNote", _ -> note());
    }

    private Document greeting(Request request, String primaryField) {
        if (request.body().get("client") instanceof Document client
                && client.get("application") instanceof Document application) {
            request.connection().applicationName(String.valueOf(application.get("name")));
        }
        Member member = node.member();
        if (request.body().get("topologyVersion") instanceof Document known
                && request.body().get("maxAwaitTimeMS") instanceof Number millis) {
            member.awaitChange(known, millis.longValue());
        }
        boolean primary = member.isPrimary();
        Document reply = new Document();
        if (node.version().isAtLeast(ServerVersion.V5_0)) {
            reply.append("helloOk", true).append("topologyVersion", member.topologyVersion());
        }
        reply.append(primaryField, primary);
        if (node.shards().isCluster()) {
            reply.append("msg", "isdbgrid");
        }
        if (member.setName() != null) {
            appendSet(reply, member, primary);
        }
        return reply.append("maxBsonObjectSize", 16 * 1024 * 1024)
                .append("maxMessageSizeBytes", 48_000_000)
                .append("maxWriteBatchSize", MAX_WRITE_BATCH_SIZE)
                .append("localTime", node.clock().instant())
                .append("logicalSessionTimeoutMinutes", SESSION_MINUTES)
                .append("connectionId", request.connection().id())
                .append("minWireVersion", 0)
                .append("maxWireVersion", node.version().wireVersion())
                .append("readOnly", false);
    }

    private void appendSet(Document reply, Member member, boolean primary) {
        reply.append("secondary", !primary)
                .append("hosts", List.of(member.address()))
                .append("setName", member.setName())
                .append("setVersion", 1);
        if (primary) {
            reply.append("primary", member.address()).append("electionId", member.election());
        }
        reply.append("me", member.address()).append("lastWrite", lastWrite());
    }

    private Document opTime() {
        return new Document("ts", node.oplog().lastTime()).append("t", (long) node.member().term());
    }

    private Document lastWrite() {
        BsonTimestamp last = node.oplog().lastTime();
        Instant date = Instant.ofEpochSecond(last.getTime());
        return new Document("opTime", opTime())
                .append("lastWriteDate", date)
                .append("majorityOpTime", opTime())
                .append("majorityWriteDate", date);
    }

    private Document buildInfo() {
        return new Document("version", node.version().text())
                .append("gitVersion", "embedded")
                .append("modules", List.of())
                .append("versionArray", node.version().numbers())
                .append("bits", 64)
                .append("debug", false)
                .append("maxBsonObjectSize", 16 * 1024 * 1024)
                .append("storageEngines", List.of("wiredTiger"));
    }

    private Document status() {
        Member member = node.member();
        boolean primary = member.isPrimary();
        long uptime = Duration.between(member.started(), node.clock().instant()).toSeconds();
        Document self =
                new Document("_id", 0)
                        .append("name", member.address())
                        .append("health", 1.0)
                        .append("state", primary ? 1 : 2)
                        .append("stateStr", primary ? "PRIMARY" : "SECONDARY")
                        .append("uptime", (int) uptime)
                        .append("optime", opTime())
                        .append(
                                "optimeDate",
                                Instant.ofEpochSecond(node.oplog().lastTime().getTime()))
                        .append("configVersion", 1)
                        .append("self", true);
        return new Document("set", member.setName())
                .append("date", node.clock().instant())
                .append("myState", primary ? 1 : 2)
                .append("term", (long) member.term())
                .append("heartbeatIntervalMillis", 2000L)
                .append(
                        "optimes",
                        new Document("lastCommittedOpTime", opTime())
                                .append("appliedOpTime", opTime())
                                .append("durableOpTime", opTime()))
                .append("members", List.of(self));
    }

    private Document config() {
        return new Document("_id", node.member().setName())
                .append("version", 1)
                .append("term", node.member().term())
                .append(
                        "members",
                        List.of(
                                new Document("_id", 0)
                                        .append("host", node.member().address())
                                        .append("priority", 1.0)
                                        .append("votes", 1)))
                .append("settings", new Document("replicaSetId", node.member().replicaSetId()));
    }

    private Document stepDown(Request request) {
        node.member().checkPrimary();
        node.member().stepDown(Duration.ofSeconds(request.integer(request.name(), 60)));
        node.oplog().wakeReaders();
        dropConnections.run();
        return new Document();
    }

    private Document serverStatus() {
        Member member = node.member();
        Duration uptime = Duration.between(member.started(), node.clock().instant());
        Document repl =
                new Document("setName", member.setName())
                        .append("isWritablePrimary", member.isPrimary())
                        .append("ismaster", member.isPrimary())
                        .append("secondary", !member.isPrimary())
                        .append("hosts", List.of(member.address()))
                        .append("primary", member.address())
                        .append("me", member.address())
                        .append("lastWrite", lastWrite());
        return new Document("host", member.address())
                .append("version", node.version().text())
                .append("process", "mongod")
                .append("pid", ProcessHandle.current().pid())
                .append("uptime", (double) uptime.toSeconds())
                .append("uptimeMillis", uptime.toMillis())
                .append("localTime", node.clock().instant())
                .append("connections", new Document("current", 1).append("available", 10_000))
                .append("storageEngine", new Document("name", "wiredTiger"))
                .append("repl", repl)
                .append("oplog", node.oplog().stats())
                .append(
                        "metrics",
                        new Document(
                                "cursor",
                                new Document(
                                        "open",
                                        new Document("total", (long) node.cursors().size()))));
    }

    private static Document connectionStatus() {
        return new Document(
                "authInfo",
                new Document("authenticatedUsers", List.of())
                        .append("authenticatedUserRoles", List.of()));
    }

    private Document parameters(Request request) {
        Document known =
                new Document(
                                "featureCompatibilityVersion",
                                new Document("version", node.version().shortText()))
                        .append("enableTestCommands", true);
        Document reply = new Document();
        boolean all = "*".equals(request.body().get(request.name()));
        known.forEach(
                (name, value) -> {
                    if (all || request.body().containsKey(name)) {
                        reply.put(name, value);
                    }
                });
        if (reply.isEmpty()) {
            throw new CommandError(72, "InvalidOptions", "no option found to get");
        }
        return reply;
    }

    private Document note() {
        node.oplog().appendNoopIfIdle(Long.MIN_VALUE);
        return new Document();
    }
}
