package dev.cdcpipeline.cli.doctor;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.MongoCommandException;
import com.mongodb.MongoException;
import com.mongodb.MongoSecurityException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import com.mongodb.connection.ServerDescription;

import dev.cdcpipeline.mongodb.ClusterInfo;
import dev.cdcpipeline.mongodb.MongoErrors;
import dev.cdcpipeline.mongodb.OplogWindow;
import dev.cdcpipeline.platform.failure.ExplainedException;
import dev.cdcpipeline.platform.failure.Explainer;
import dev.cdcpipeline.platform.failure.Explanation;
import dev.cdcpipeline.watcher.app.SourceClient;
import dev.cdcpipeline.watcher.app.WatcherSettings;
import dev.cdcpipeline.watcher.capture.PostImage;
import dev.cdcpipeline.watcher.capture.Scope;
import dev.cdcpipeline.watcher.capture.StartFrom;
import dev.cdcpipeline.watcher.capture.StreamDefinition;
import dev.cdcpipeline.watcher.capture.StreamTarget;

import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.BsonTimestamp;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Looks at MongoDB as a Watcher needs it: reachable, a replica set, its change stream readable. */
final class MongoDoctor {
    private static final Duration SHORT_OPLOG = Duration.ofHours(24);

    private final WatcherSettings settings;
    private final ConnectionString uri;
    private final Scope scope;
    private final Explainer explainer;
    private final Findings findings;

    MongoDoctor(
            WatcherSettings settings,
            ConnectionString uri,
            Explainer explainer,
            Findings findings) {
        this.settings = settings;
        this.uri = uri;
        this.scope =
                Scope.of(settings.scope().include(), settings.scope().exclude().orElse(List.of()));
        this.explainer = explainer;
        this.findings = findings;
    }

    void examine(Duration limit) {
        try (MongoClient client = MongoClients.create(clientSettings(limit))) {
            examine(client);
        } catch (MongoException | IllegalArgumentException e) {
            // For example mongodb+srv:// with a name that the DNS does not have.
            findings.wrong("MongoDB", Reason.of(e), "check watcher.mongodb.uri");
        }
    }

    /** Settings of the Watcher's own client, with the shorter waits of a check. */
    private MongoClientSettings clientSettings(Duration limit) {
        long millis = limit.toMillis();
        return SourceClient.settings(settings, uri, "cdc-config-check")
                .applyToClusterSettings(
                        cluster -> cluster.serverSelectionTimeout(millis, TimeUnit.MILLISECONDS))
                .applyToSocketSettings(
                        socket -> socket.connectTimeout(millis, TimeUnit.MILLISECONDS))
                .build();
    }

    private void examine(MongoClient client) {
        if (!reachable(client)) {
            return;
        }
        ClusterInfo cluster = replicaSet(client);
        if (cluster != null) {
            changeStream(client, cluster);
            if (settings.postImage() == PostImage.REQUIRED) {
                new PostImageDoctor(scope, findings).examine(client);
            }
            oplog(client);
        }
    }

    private boolean reachable(MongoClient client) {
        try {
            BsonDocument build = run(client.getDatabase("admin"), "buildInfo");
            String version = build.getString("version").getValue();
            String where = String.join(", ", uri.getHosts());
            if (build.getArray("versionArray").getFirst().asNumber().intValue() < 6) {
                findings.note(
                        "MongoDB",
                        where + ", version " + version,
                        "6.0 or later is what is tested");
            } else {
                findings.ok("MongoDB", where + ", version " + version + user());
            }
            return true;
        } catch (MongoException e) {
            String what = e instanceof MongoSecurityException ? "MongoDB login" : "MongoDB";
            explanation(client, e)
                    .ifPresentOrElse(
                            found -> findings.wrong(what, found),
                            () ->
                                    findings.wrong(
                                            what,
                                            MongoReason.of(uri, client, e),
                                            "check host, port, tls and firewall"));
        }
        return false;
    }

    /** Where no server can be used, the servers say why, not the exception. */
    private Optional<Explanation> explanation(MongoClient client, MongoException thrown) {
        return explainer
                .on(thrown)
                .or(
                        () ->
                                client.getClusterDescription().getServerDescriptions().stream()
                                        .map(ServerDescription::getException)
                                        .filter(Objects::nonNull)
                                        .flatMap(each -> explainer.on(each).stream())
                                        .findFirst());
    }

    private String user() {
        String name = uri.getUsername();
        return name == null ? ", without a login" : ", logged in as " + name;
    }

    private @Nullable ClusterInfo replicaSet(MongoClient client) {
        try {
            ClusterInfo cluster = ClusterInfo.read(client);
            findings.ok("MongoDB replica set", cluster.identity());
            return cluster;
        } catch (ExplainedException e) {
            findings.wrong("MongoDB replica set", MongoErrors.standalone());
            return null;
        }
    }

    private void changeStream(MongoClient client, ClusterInfo cluster) {
        StreamTarget target = scope.target();
        String what = "MongoDB change stream of " + target;
        MongoDatabase database = client.getDatabase(target.database());
        try {
            BsonDocument opened =
                    database.runCommand(command(cluster), BsonDocument.class).getDocument("cursor");
            findings.ok(what, "may be read; the scope is " + scope.canonical());
            String[] namespace = opened.getString("ns").getValue().split("\\.", 2);
            close(database, namespace[namespace.length - 1], opened);
        } catch (MongoCommandException e) {
            explainer
                    .on(e)
                    .ifPresentOrElse(
                            found -> findings.wrong(what, found),
                            () ->
                                    findings.wrong(
                                            what,
                                            "MongoDB says " + Reason.of(e),
                                            "check watcher.scope"));
        } catch (MongoException e) {
            findings.wrong(what, Reason.of(e), "try again when MongoDB has a primary");
        }
    }

    private BsonDocument command(ClusterInfo cluster) {
        return new StreamDefinition(
                        scope,
                        settings.postImage(),
                        settings.scope().excludeFields().orElse(List.of()),
                        settings.scope()
                                .pipeline()
                                .map(text -> stages(BsonArray.parse(text)))
                                .orElse(List.of()),
                        cluster.splitsLargeEvents(),
                        cluster.sharded())
                .command(new StartFrom.Now());
    }

    private static List<BsonDocument> stages(BsonArray stages) {
        return stages.stream().map(stage -> stage.asDocument()).toList();
    }

    private static void close(MongoDatabase database, String collection, BsonDocument cursor) {
        var _ =
                database.runCommand(
                        new BsonDocument("killCursors", new BsonString(collection))
                                .append("cursors", new BsonArray(List.of(cursor.getInt64("id")))));
    }

    private void oplog(MongoClient client) {
        var oldest = new OplogWindow(client).oldest();
        if (oldest.isEmpty()) {
            findings.note(
                    "MongoDB oplog",
                    "this user may not read local.oplog.rs, so nothing warns before it is too short",
                    "grant read on the database local, if you want the metric"
                            + " cdc_watcher_oplog_headroom_seconds");
            return;
        }
        Duration window = Duration.between(instant(oldest.get()), Instant.now());
        if (window.compareTo(SHORT_OPLOG) < 0) {
            findings.note(
                    "MongoDB oplog",
                    "reaches back %d min only; a Watcher that is down for longer loses changes"
                            .formatted(Math.max(0, window.toMinutes())),
                    "db.adminCommand({replSetResizeOplog: 1, minRetentionHours: 72}), unless the"
                            + " server is just young");
        } else {
            findings.ok("MongoDB oplog", "reaches back %d h".formatted(window.toHours()));
        }
    }

    private static Instant instant(BsonTimestamp time) {
        return Instant.ofEpochSecond(Integer.toUnsignedLong(time.getTime()));
    }

    private static BsonDocument run(MongoDatabase database, String command) {
        return database.runCommand(new BsonDocument(command, new BsonInt32(1)), BsonDocument.class);
    }
}
