package dev.cdcpipeline.syncer.app;

import dev.cdcpipeline.kafka.ApplierClients;
import dev.cdcpipeline.kafka.KafkaPropertyRule;
import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.platform.config.ConfigurationException;
import dev.cdcpipeline.platform.config.Problem;
import dev.cdcpipeline.platform.config.Rule;
import dev.cdcpipeline.postgresql.DriverProperties;
import dev.cdcpipeline.syncer.schema.TableName;
import dev.cdcpipeline.syncer.schema.TableNames;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Finds what is wrong with settings beyond the form of each value, all of it at once (11.5). */
final class Checks {
    /** Everything that is checked. */
    static final List<Rule<SyncerSettings>> RULES =
            List.of(
                    Rule.of(Checks::topics, "syncer.kafka.topics", "syncer.kafka.topic-pattern"),
                    Rule.of(Checks::pattern, "syncer.kafka.topic-pattern"),
                    Rule.of(Checks::deadLetters, "syncer.kafka.topics", "syncer.dead-letter.topic"),
                    Rule.of(Checks::kafkaProperties, "syncer.kafka.properties"),
                    Rule.of(Checks::driverProperties, "syncer.postgresql.properties"),
                    Rule.of(Checks::overrides, "syncer.table"));

    private static final KafkaPropertyRule KAFKA_PROPERTIES = ApplierClients.rule("syncer.kafka");

    private Checks() {}

    /**
     * Checks settings.
     *
     * @throws ConfigurationException with every problem
     */
    static void run(SyncerSettings settings) {
        List<Problem> problems =
                RULES.stream().flatMap(rule -> rule.problems(settings).stream()).toList();
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
    }

    private static List<Problem> topics(SyncerSettings settings) {
        boolean names = !settings.kafka().topics().orElse(List.of()).isEmpty();
        boolean pattern = settings.kafka().topicPattern().isPresent();
        if (names == pattern) {
            return List.of(
                    new Problem(
                            "syncer.kafka.topic-pattern",
                            null,
                            names
                                    ? "is given together with syncer.kafka.topics: leave one of them out"
                                    : "say which topics to apply: by this, a regular expression such as"
                                            + " cdc[.]shop[.].*, or by syncer.kafka.topics, a list of names"));
        }
        return List.of();
    }

    private static List<Problem> pattern(SyncerSettings settings) {
        String pattern = settings.kafka().topicPattern().orElse("");
        try {
            var _ = Pattern.compile(pattern);
            return List.of();
        } catch (PatternSyntaxException e) {
            return List.of(
                    new Problem(
                            "syncer.kafka.topic-pattern",
                            pattern,
                            "must be a regular expression: " + e.getDescription()));
        }
    }

    /** Of a pattern's topics they are left out. */
    private static List<Problem> deadLetters(SyncerSettings settings) {
        String letters = settings.deadLetter().topic();
        return settings.kafka().topics().orElse(List.of()).contains(letters)
                ? List.of(
                        new Problem(
                                "syncer.kafka.topics",
                                letters,
                                "is the dead-letter topic, which cannot be applied"))
                : List.of();
    }

    private static List<Problem> kafkaProperties(SyncerSettings settings) {
        return KAFKA_PROPERTIES.problems(settings.kafka().properties());
    }

    /** The driver takes any name and ignores what it does not know, a mistyped sslmode too. */
    private static List<Problem> driverProperties(SyncerSettings settings) {
        return DriverProperties.unknown(settings.postgresql().properties().keySet()).stream()
                .map(
                        name ->
                                new Problem(
                                        "syncer.postgresql.properties." + name,
                                        null,
                                        "is not a property of PostgreSQL's JDBC driver"))
                .toList();
    }

    /** Two collections in one table would overwrite each other's rows. */
    private static List<Problem> overrides(SyncerSettings settings) {
        SyncerSettings.Table tables = settings.table();
        var names = new TableNames(tables.schema(), tables.name(), tables.overrides());
        var owners = new HashMap<TableName, String>();
        var problems = new ArrayList<Problem>();
        for (var entry : new TreeMap<>(tables.overrides()).entrySet()) {
            String key = "syncer.table.overrides." + entry.getKey();
            override(entry.getKey(), names, owners)
                    .map(says -> new Problem(key, entry.getValue(), says))
                    .ifPresent(problems::add);
        }
        return problems;
    }

    /** What is wrong with one entry, after those before it. */
    private static Optional<String> override(
            String collection, TableNames names, Map<TableName, String> owners) {
        int dot = collection.indexOf('.');
        if (dot <= 0 || dot == collection.length() - 1) {
            return Optional.of("is named by a collection, as database.collection: schema.table");
        }
        try {
            return Optional.ofNullable(
                            owners.putIfAbsent(names.name(Namespace.parse(collection)), collection))
                    .map(owner -> "is the table of " + owner + " already");
        } catch (IllegalArgumentException e) {
            return Optional.of(
                    "must be schema.table, or a table in the schema of syncer.table.schema: "
                            + e.getMessage());
        }
    }
}
