package dev.cdcpipeline.platform.config;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collections;
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
    private final Set<String> unusable = new HashSet<>();
    private final Map<String, Object> values = new TreeMap<>();

    Reading(Schema schema, Map<String, String> file, Environment environment, Problems problems) {
        this.schema = schema;
        this.file = file;
        this.environment = environment;
        this.problems = problems;
    }

    /** The values by key, for a {@link Binder}; complete only if no problem was found. */
    Map<String, Object> values() {
        schema.options().forEach(this::read);
        schema.options().forEach(this::compare);
        refuseUnknownKeys();
        environment.refuseMistyped(schema, problems);
        return values;
    }

    /** The keys of options that are wrong or missing, after {@link #values}. */
    Set<String> unusable() {
        return unusable;
    }

    private void read(Option option) {
        switch (option.shape()) {
            case SINGLE -> readSingle(option);
            case LIST -> readList(option);
            case MAP -> readMap(option);
        }
    }

    private void readSingle(Option option) {
        var text = given(option);
        var standing = text == null ? option.defaultValue() : text;
        if (standing == null) {
            refuseIfRequired(option);
            return;
        }
        var value = parse(option, option.key(), standing);
        if (value == null) {
            unusable.add(option.key());
        } else {
            values.put(option.key(), value);
        }
    }

    private void readList(Option option) {
        var texts = elements(option);
        if (texts.isEmpty()) {
            refuseIfRequired(option);
            return;
        }
        var list = new ArrayList<Object>();
        for (int i = 0; i < texts.size(); i++) {
            var value = parse(option, option.key() + "[" + i + "]", texts.get(i));
            if (value != null) {
                list.add(value);
            }
        }
        values.put(option.key(), List.copyOf(list));
    }

    private void readMap(Option option) {
        var texts = new TreeMap<String, String>();
        var begin = option.key() + ".";
        file.forEach(
                (key, text) -> {
                    if (key.startsWith(begin)) {
                        understood.add(key);
                        texts.put(key.substring(begin.length()).replace("\"", ""), text);
                    }
                });
        texts.putAll(environment.entries(option, problems));
        var map = new TreeMap<String, Object>();
        texts.forEach(
                (name, text) -> {
                    var value = parse(option, begin + name, text);
                    if (value != null) {
                        map.put(name, value);
                    }
                });
        values.put(option.key(), Collections.unmodifiableMap(map));
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

    private @Nullable Object parse(Option option, String key, String text) {
        var value = option.parse(text);
        if (value == null) {
            problems.add(key, option.shown(key, text), "must be " + option.allowed());
        }
        return value;
    }

    private void compare(Option option) {
        var notAbove = option.annotation(NotAbove.class);
        if (notAbove == null) {
            return;
        }
        var limitKey = option.key().replaceFirst("[^.]+$", notAbove.value());
        var value = values.get(option.key());
        var limit = values.get(limitKey);
        if (value != null && limit != null && ValueType.compare(value, limit) > 0) {
            problems.add(
                    option.key(),
                    ValueType.text(value),
                    "must not exceed " + limitKey + " = " + ValueType.text(limit));
        }
    }

    private void refuseIfRequired(Option option) {
        if (option.required()) {
            unusable.add(option.key());
            problems.add(
                    option.key(),
                    null,
                    "is required: %s; set it in the file or as %s"
                            .formatted(option.allowed(), option.environmentName()));
        }
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
