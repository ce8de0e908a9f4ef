package dev.cdcpipeline.watcher.app;

import com.mongodb.ConnectionString;

import dev.cdcpipeline.platform.config.ConfigurationException;
import dev.cdcpipeline.platform.config.Problem;
import dev.cdcpipeline.watcher.capture.PostImage;
import dev.cdcpipeline.watcher.capture.Scope;
import dev.cdcpipeline.watcher.publish.ProducerSettings;

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

    private final WatcherSettings settings;
    private final List<Problem> problems = new ArrayList<>();

    private Checks(WatcherSettings settings) {
        this.settings = settings;
    }

    /**
     * Checks settings.
     *
     * @throws ConfigurationException with every problem
     */
    static void run(WatcherSettings settings) {
        Checks checks = new Checks(settings);
        checks.all();
        if (!checks.problems.isEmpty()) {
            throw new ConfigurationException(checks.problems);
        }
    }

    private void all() {
        check(
                "watcher.mongodb.uri",
                null,
                () -> new ConnectionString(settings.mongodb().uri().reveal()));
        settings.scope().include().forEach(this::checkInclude);
        settings.scope().exclude().orElse(List.of()).forEach(this::checkExclude);
        settings.scope()
                .pipeline()
                .ifPresent(text -> check("watcher.scope.pipeline", text, () -> pipeline(text)));
        kafkaProperties();
        checkpoint();
    }

    private void pipeline(String text) {
        List<BsonDocument> stages = stages(text);
        if (settings.postImage() == PostImage.BATCHED && !stages.stream().allMatch(Checks::fits)) {
            throw new IllegalArgumentException(
                    "with watcher.post-image: batched, whole documents of updates are looked up after the pipeline, which"
                            + " would miss them: only stages "
                            + BLIND_STAGES.stream().sorted().toList()
                            + " that do not name fullDocument; otherwise set watcher.post-image to server");
        }
    }

    /** Whether a stage means the same before whole documents are looked up as after it. */
    private static boolean fits(BsonDocument stage) {
        return BLIND_STAGES.contains(stage.getFirstKey())
                && !stage.toJson().contains("fullDocument");
    }

    private void checkInclude(String pattern) {
        check("watcher.scope.include", pattern, () -> Scope.of(List.of(pattern), List.of()));
    }

    private void checkExclude(String pattern) {
        check("watcher.scope.exclude", pattern, () -> Scope.of(List.of(pattern), List.of()));
    }

    private void kafkaProperties() {
        for (String name : ProducerSettings.fixed(settings.kafka().properties())) {
            problems.add(
                    new Problem(
                            "watcher.kafka.properties." + name,
                            settings.kafka().properties().get(name),
                            "the Watcher's guarantees rest on its own value; leave it out"));
        }
    }

    private void checkpoint() {
        WatcherSettings.CheckpointSettings checkpoint = settings.checkpoint();
        if (checkpoint.store() == WatcherSettings.CheckpointSettings.Store.REDIS
                && checkpoint.redis().url().isEmpty()) {
            problems.add(
                    new Problem(
                            "watcher.checkpoint.redis.url",
                            null,
                            "required with watcher.checkpoint.store: redis, for example redis://localhost:6379"));
        }
    }

    private void check(String key, @Nullable String value, Runnable parse) {
        try {
            parse.run();
        } catch (IllegalArgumentException e) {
            problems.add(new Problem(key, value, String.valueOf(e.getMessage())));
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
