package dev.cdcpipeline.watcher.app;

import com.mongodb.ConnectionString;

import dev.cdcpipeline.kafka.KafkaErrors;
import dev.cdcpipeline.mongodb.MongoErrors;
import dev.cdcpipeline.platform.failure.Classifier;
import dev.cdcpipeline.platform.failure.Explainer;
import dev.cdcpipeline.platform.secret.Secret;
import dev.cdcpipeline.watcher.capture.Scope;
import dev.cdcpipeline.watcher.capture.StreamTarget;
import dev.cdcpipeline.watcher.checkpoint.RedisAddress;
import dev.cdcpipeline.watcher.checkpoint.RedisErrors;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The error catalogues of a Watcher, and what it fills into their explanations. */
public final class WatcherErrors {
    private WatcherErrors() {}

    /** A classifier that knows the systems of a Watcher. */
    static Classifier classifier() {
        return new Classifier(new MongoErrors(), new RedisErrors(), new KafkaErrors());
    }

    /**
     * An explainer for one Watcher.
     *
     * @param settings checked settings
     * @param uri the connection string of MongoDB in these settings
     */
    public static Explainer explainer(WatcherSettings settings, ConnectionString uri) {
        return new Explainer(
                context(settings, uri), new MongoErrors(), new RedisErrors(), new KafkaErrors());
    }

    private static Map<String, String> context(WatcherSettings settings, ConnectionString uri) {
        StreamTarget target =
                Scope.of(settings.scope().include(), settings.scope().exclude().orElse(List.of()))
                        .target();
        var context = new HashMap<String, String>();
        context.put("service", "watcher");
        context.put("mongodb", "watcher.mongodb");
        context.put("resetCheckpoint", Stores.resetCommand(settings));
        context.put("stream", target.toString());
        context.put("resource", resource(target));
        context.put("grant", grant(target, uri));
        context.put("redis", "watcher.checkpoint.redis");
        context.put("redisUser", redisUser(settings));
        context.put("kafka", "watcher.kafka");
        context.put(
                "topicOperations",
                "--operation Create --operation Describe --operation DescribeConfigs --operation Read --operation Write");
        return context;
    }

    private static String resource(StreamTarget target) {
        return switch (target) {
            case StreamTarget.Cluster _ -> "{db: '', collection: ''}";
            case StreamTarget.Database in -> "{db: '" + in.database() + "', collection: ''}";
            case StreamTarget.Collection of ->
                    "{db: '" + of.database() + "', collection: '" + of.collection() + "'}";
        };
    }

    /** The command, to be pasted into mongosh, that grants what is missing. */
    private static String grant(StreamTarget target, ConnectionString uri) {
        var credential = uri.getCredential();
        String role =
                target instanceof StreamTarget.Cluster
                        ? "{role: 'readAnyDatabase', db: 'admin'}"
                        : "{role: 'read', db: '" + target.database() + "'}";
        return "db.getSiblingDB('%s').grantRolesToUser('%s', [%s])"
                .formatted(
                        credential == null ? "admin" : credential.getSource(),
                        Objects.requireNonNullElse(uri.getUsername(), "<user>"),
                        role);
    }

    private static String redisUser(WatcherSettings settings) {
        try {
            return settings.checkpoint()
                    .redis()
                    .url()
                    .map(Secret::reveal)
                    .map(url -> RedisAddress.parse(url).user())
                    .orElse("default");
        } catch (IllegalArgumentException notAnAddress) {
            return "<user>"; // which is told where the address is used
        }
    }
}
