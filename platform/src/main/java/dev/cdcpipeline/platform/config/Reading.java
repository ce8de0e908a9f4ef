package dev.cdcpipeline.platform.config;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** One reading of a configuration: file and environment in, checked values and problems out. */
final class Reading {
    private static final Pattern UNESCAPED_COMMA = Pattern.compile("(?<!\\\\),");
    private static final Pattern INDEX = Pattern.compile("\\[\\d+]");

    private final Schema schema;
    private final Map<String, String> file;
    private final Environment environment;
    private final Problems problems;
    private final Set<String> understood = new HashSet<>();
    private final Map<String, String> values = new TreeMap<>();
    private final Map<String, Object> parsed = new TreeMap<>();

    Reading(Schema schema, Map<String, String> file, Environment environment, Problems problems) {
        this.schema = schema;
        this.file = file;
        this.environment = environment;
        this.problems = problems;
    }

    /** The values by key, each checked against its option; sound only if no problem was found. */
    Map<String, String> values() {
        schema.options().forEach(this::read);
        schema.options().forEach(this::compare);
        refuseUnknownKeys();
        return values;
    }

    private void read(Option option) {
        switch (option.shape()) {
            case SINGLE -> readSingle(option);
            case LIST -> readList(option);
            case MAP -> readMap(option);
        }
    }

    private void readSingle(Option option) {
        var value = given(option);
        if (value != null) {
            accept(option, option.key(), value);
        } else if (option.required()) {
            missing(option);
        } else if (option.defaultValue() != null) {
            accept(option, option.key(), option.defaultValue());
        }
    }

    private void readList(Option option) {
        var elements = elements(option);
        if (elements.isEmpty() && option.required()) {
            missing(option);
        }
        for (int i = 0; i < elements.size(); i++) {
            accept(option, option.key() + "[" + i + "]", elements.get(i));
        }
    }

    private void readMap(Option option) {
        var entries = new TreeMap<String, String>();
        var begin = option.key() + ".";
        file.forEach(
                (key, value) -> {
                    if (key.startsWith(begin)) {
                        understood.add(key);
                        entries.put(key.substring(begin.length()).replace("\"", ""), value);
                    }
                });
        entries.putAll(environment.entries(option, problems));
        entries.forEach((name, value) -> accept(option, begin + '"' + name + '"', value));
    }

    /** What file or environment give for a single value; null if nothing. */
    private @Nullable String given(Option option) {
        understood.add(option.key());
        var fromEnvironment = environment.value(option, problems);
        if (fromEnvironment != null) {
            return fromEnvironment;
        }
        var fromFile = file.get(option.key());
        return fromFile == null || fromFile.isBlank() ? null : fromFile;
    }

    private List<String> elements(Option option) {
        var indexed = new ArrayList<String>();
        for (int i = 0; ; i++) {
            var key = option.key() + "[" + i + "]";
            var element = file.get(key);
            if (element == null) {
                break;
            }
            understood.add(key);
            indexed.add(element);
        }
        understood.add(option.key());
        var fromEnvironment = environment.value(option, problems);
        if (fromEnvironment != null) {
            return split(fromEnvironment);
        }
        if (!indexed.isEmpty()) {
            return indexed;
        }
        var whole = file.getOrDefault(option.key(), option.defaultValue());
        return whole == null ? List.of() : split(whole);
    }

    private static List<String> split(String list) {
        return UNESCAPED_COMMA
                .splitAsStream(list)
                .map(element -> element.strip().replace("\\,", ","))
                .filter(element -> !element.isEmpty())
                .toList();
    }

    private void accept(Option option, String key, String text) {
        var value = Check.parse(option, text);
        if (value == null) {
            problems.add(
                    key.replace("\"", ""), option.shown(key, text), "must be " + option.allowed());
            return;
        }
        values.put(key, text);
        parsed.put(key, value);
    }

    private void compare(Option option) {
        var notAbove = option.annotation(NotAbove.class);
        if (notAbove == null) {
            return;
        }
        var limitKey = option.key().replaceFirst("[^.]+$", notAbove.value());
        var value = parsed.get(option.key());
        var limit = parsed.get(limitKey);
        if (value != null && limit != null && Check.compare(value, limit) > 0) {
            problems.add(
                    option.key(),
                    values.get(option.key()),
                    "must not exceed " + limitKey + " = " + values.get(limitKey));
        }
    }

    private void missing(Option option) {
        problems.add(
                option.key(),
                null,
                "is required: "
                        + option.allowed()
                        + "; set it in the file or as "
                        + option.environmentName());
    }

    private void refuseUnknownKeys() {
        for (var key : file.keySet()) {
            var plain = INDEX.matcher(key).replaceAll("");
            if (!understood.contains(key) && !Roots.belongsToAnother(key, schema.prefix())) {
                problems.add(key, null, "is not an option" + Nearest.hint(plain, schema));
            }
        }
    }
}
