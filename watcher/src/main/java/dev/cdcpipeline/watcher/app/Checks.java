package dev.cdcpipeline.watcher.app;

import com.mongodb.ConnectionString;

import dev.cdcpipeline.kafka.KafkaPropertyRule;
import dev.cdcpipeline.kafka.PublisherClients;
import dev.cdcpipeline.platform.config.ConfigurationException;
import dev.cdcpipeline.platform.config.Problem;
import dev.cdcpipeline.platform.config.Rule;
import dev.cdcpipeline.platform.config.TlsSettings;
import dev.cdcpipeline.platform.secret.Redaction;
import dev.cdcpipeline.platform.secret.Secret;
import dev.cdcpipeline.platform.tls.TlsContext;
import dev.cdcpipeline.watcher.capture.Scope;
import dev.cdcpipeline.watcher.checkpoint.RedisAddress;

import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInvalidOperationException;
import org.bson.json.JsonParseException;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Finds what is wrong with settings beyond the form of each value, all of it at once (11.5). */
final class Checks {
    private static final String REDIS_URL = "watcher.checkpoint.redis.url";
    private static final Set<String> STAGES =
            Set.of(
                    "$match",
                    "$project",
                    "$addFields",
                    "$set",
                    "$unset",
                    "$replaceRoot",
                    "$replaceWith",
                    "$redact");

    /** Stages that look at what they name and leave the rest of an event as it is. */
    private static final Set<String> BLIND_STAGES =
            Set.of("$match", "$addFields", "$set", "$unset");

    private static final KafkaPropertyRule KAFKA_PROPERTIES =
            PublisherClients.rule("watcher.kafka");

    /** Everything that is checked beyond the form of each value. */
    static final List<Rule<WatcherSettings>> RULES =
            List.of(
                    Rule.of(Checks::uri, "watcher.mongodb.uri"),
                    Rule.of(Checks::include, "watcher.scope.include"),
                    Rule.of(Checks::exclude, "watcher.scope.exclude"),
                    Rule.of(Checks::excludeFields, "watcher.scope.exclude-fields"),
                    Rule.of(Checks::pipeline, "watcher.scope.pipeline"),
                    Rule.of(Checks::lookUps, "watcher.scope.pipeline", "watcher.post-image"),
                    Rule.of(Checks::kafkaProperties, "watcher.kafka.properties"),
                    Rule.of(Checks::redis, REDIS_URL),
                    Rule.of(Checks::store, REDIS_URL, "watcher.checkpoint.store"),
                    Rule.of(Checks::mongodbTls, "watcher.mongodb"),
                    Rule.of(Checks::redisTls, "watcher.checkpoint.redis"));

    private Checks() {}

    /**
     * Checks settings.
     *
     * @throws ConfigurationException with every problem
     */
    static void run(WatcherSettings settings) {
        List<Problem> problems =
                RULES.stream().flatMap(rule -> rule.problems(settings).stream()).toList();
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
    }

    private static List<Problem> uri(WatcherSettings settings) {
        String uri = settings.mongodb().uri().reveal();
        return problem("watcher.mongodb.uri", null, () -> new ConnectionString(uri));
    }

    private static List<Problem> include(WatcherSettings settings) {
        return patterns("watcher.scope.include", settings.scope().include());
    }

    private static List<Problem> exclude(WatcherSettings settings) {
        return patterns("watcher.scope.exclude", settings.scope().exclude().orElse(List.of()));
    }

    /** Records are put in order, found and written by the {@code _id} (I1, I2). */
    private static List<Problem> excludeFields(WatcherSettings settings) {
        return settings.scope().excludeFields().orElse(List.of()).stream()
                .filter(path -> path.strip().equals("_id") || path.strip().startsWith("_id."))
                .map(
                        path ->
                                new Problem(
                                        "watcher.scope.exclude-fields",
                                        path,
                                        "_id identifies a document and cannot be left out, nor a part of it"))
                .toList();
    }

    private static List<Problem> patterns(String key, List<String> patterns) {
        return patterns.stream()
                .flatMap(
                        pattern ->
                                problem(key, pattern, () -> Scope.of(List.of(pattern), List.of()))
                                        .stream())
                .toList();
    }

    private static List<Problem> pipeline(WatcherSettings settings) {
        return settings.scope()
                .pipeline()
                .map(text -> problem("watcher.scope.pipeline", text, () -> checkStages(text)))
                .orElse(List.of());
    }

    private static void checkStages(String text) {
        var _ = stages(text);
    }

    private static List<Problem> lookUps(WatcherSettings settings) {
        String text = settings.scope().pipeline().orElse("[]");
        if (!settings.postImage().looksUp()
                || !pipeline(settings).isEmpty()
                || stages(text).stream().allMatch(Checks::fits)) {
            return List.of();
        }
        return List.of(
                new Problem(
                        "watcher.scope.pipeline",
                        text,
                        "with watcher.post-image: batched or when-available, whole documents of updates are looked up after the pipeline, which"
                                + " would miss them: only stages "
                                + BLIND_STAGES.stream().sorted().toList()
                                + " that do not name fullDocument; otherwise set watcher.post-image to server"));
    }

    /** Whether a stage means the same before whole documents are looked up as after it. */
    private static boolean fits(BsonDocument stage) {
        return BLIND_STAGES.contains(stage.getFirstKey())
                && !stage.toJson().contains("fullDocument");
    }

    private static List<Problem> kafkaProperties(WatcherSettings settings) {
        return KAFKA_PROPERTIES.problems(settings.kafka().properties());
    }

    private static List<Problem> redis(WatcherSettings settings) {
        return settings.checkpoint()
                .redis()
                .url()
                .map(url -> problem(REDIS_URL, null, () -> checkRedis(url.reveal())))
                .orElse(List.of());
    }

    private static List<Problem> store(WatcherSettings settings) {
        WatcherSettings.CheckpointSettings checkpoint = settings.checkpoint();
        return checkpoint.store() == WatcherSettings.CheckpointSettings.Store.REDIS
                        && checkpoint.redis().url().isEmpty()
                ? List.of(
                        new Problem(
                                REDIS_URL,
                                null,
                                "required with watcher.checkpoint.store: redis, for example redis://localhost:6379"))
                : List.of();
    }

    private static void checkRedis(String url) {
        var _ = RedisAddress.parse(url);
    }

    private static List<Problem> mongodbTls(WatcherSettings settings) {
        return certificates(
                "watcher.mongodb.tls",
                settings.mongodb().tls(),
                settings.mongodb().uri().reveal().contains("tls=true"),
                "goes with tls=true in watcher.mongodb.uri, which is missing");
    }

    private static List<Problem> redisTls(WatcherSettings settings) {
        WatcherSettings.CheckpointSettings.Redis redis = settings.checkpoint().redis();
        return certificates(
                "watcher.checkpoint.redis.tls",
                redis.tls(),
                redis.url().map(Secret::reveal).orElse("").startsWith("rediss"),
                "goes with rediss:// in watcher.checkpoint.redis.url");
    }

    private static List<Problem> certificates(
            String group, TlsSettings tls, boolean used, String says) {
        List<Problem> problems = new ArrayList<>();
        if (TlsContext.isConfigured(tls) && !used) {
            problems.add(new Problem(group, null, says));
        }
        usable(group, tls, problems);
        return problems;
    }

    private static void usable(String group, TlsSettings tls, List<Problem> problems) {
        try {
            var _ = TlsContext.of(group, tls);
        } catch (ConfigurationException e) {
            problems.addAll(e.problems());
        }
    }

    private static List<Problem> problem(String key, @Nullable String value, Runnable parse) {
        try {
            parse.run();
            return List.of();
        } catch (IllegalArgumentException e) {
            return List.of(
                    new Problem(key, value, Redaction.redact(String.valueOf(e.getMessage()))));
        }
    }

    /**
     * Reads {@code watcher.scope.pipeline}.
     *
     * @throws IllegalArgumentException when it is not an array of stages that a change stream may
     *     have
     */
    static List<BsonDocument> stages(String text) {
        try {
            List<BsonDocument> stages =
                    BsonArray.parse(text).stream().map(value -> value.asDocument()).toList();
            for (BsonDocument stage : stages) {
                if (stage.size() != 1 || !STAGES.contains(stage.getFirstKey())) {
                    throw new IllegalArgumentException(
                            "each stage is a document with one of "
                                    + STAGES.stream().sorted().toList());
                }
            }
            return stages;
        } catch (JsonParseException | BsonInvalidOperationException e) {
            throw new IllegalArgumentException(
                    "a JSON array of stages, for example [{$match: {...}}]", e);
        }
    }
}
