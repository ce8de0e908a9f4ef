package dev.cdcpipeline.platform.config;

import dev.cdcpipeline.platform.secret.Redaction;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Tag;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The values of a YAML file by their keys, their expressions expanded. */
final class YamlFile {

    private YamlFile() {}

    /** Reads a file; what cannot be read or expanded becomes a problem and is left out. */
    static Map<String, String> read(
            @Nullable Path file, Map<String, String> environment, Problems problems) {
        if (file == null) {
            return Map.of();
        }
        try {
            var written = new TreeMap<String, String>();
            if (parse(file) instanceof Map<?, ?> map) {
                flatten("", map, written);
            }
            return expand(written, environment, problems);
        } catch (IOException e) {
            problems.add(file.toString(), null, "the configuration file cannot be read");
        } catch (YAMLException e) {
            problems.add(file.toString(), null, "not valid YAML: " + oneLine(e));
        }
        problems.throwIfAny(); // of a broken file every option would seem to be missing
        return Map.of();
    }

    /** What its keys begin with. */
    static Set<String> roots(Path file) throws IOException {
        var roots = new TreeSet<String>();
        if (parse(file) instanceof Map<?, ?> map) {
            map.keySet().forEach(key -> roots.add(String.valueOf(key).split("\\.", 2)[0]));
        }
        return roots;
    }

    private static @Nullable Object parse(Path file) throws IOException {
        var options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        return new Yaml(new AsWritten(options)).load(Files.readString(file));
    }

    /** Leaves numbers and times as they are written: the options say what they are. */
    private static final class AsWritten extends SafeConstructor {
        AsWritten(LoaderOptions options) {
            super(options);
            for (var tag : List.of(Tag.INT, Tag.FLOAT, Tag.TIMESTAMP)) {
                yamlConstructors.put(tag, yamlConstructors.get(Tag.STR));
            }
        }
    }

    /** Puts the values below a key; a key that has dots in it is quoted. */
    private static void flatten(String key, Object value, Map<String, String> into) {
        switch (value) {
            case Map<?, ?> map ->
                    map.forEach((name, nested) -> flattenNamed(key, name, nested, into));
            case List<?> list -> flattenList(key, list, into);
            default -> into.put(key, value.toString());
        }
    }

    private static void flattenNamed(
            String key, @Nullable Object name, @Nullable Object value, Map<String, String> into) {
        if (value != null) {
            var text = String.valueOf(name);
            var quoted = text.indexOf('.') < 0 ? text : '"' + text + '"';
            flatten(key.isEmpty() ? quoted : key + "." + quoted, value, into);
        }
    }

    /** One by one, and as one text with commas for an option that takes it as such. */
    private static void flattenList(String key, List<?> list, Map<String, String> into) {
        if (list.stream().noneMatch(value -> value instanceof Map || value instanceof List)) {
            into.put(key, list.stream().map(YamlFile::element).collect(Collectors.joining(",")));
        }
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i) != null) {
                flatten(key + "[" + i + "]", list.get(i), into);
            }
        }
    }

    private static String element(@Nullable Object value) {
        return value == null ? "" : value.toString().replace(",", "\\,");
    }

    private static Map<String, String> expand(
            Map<String, String> written, Map<String, String> environment, Problems problems) {
        var expressions = new Expressions(written, environment);
        var values = new TreeMap<String, String>();
        written.forEach(
                (key, text) -> {
                    var value = expressions.value(key);
                    if (value != null) {
                        values.put(key, value);
                        return;
                    }
                    problems.add(
                            key,
                            Redaction.redact(text),
                            "uses a variable that is not set; set it, or give it a default:"
                                    + " ${NAME:default}");
                });
        return values;
    }

    private static String oneLine(YAMLException e) {
        return String.valueOf(e.getMessage()).lines().map(String::strip).toList().toString();
    }
}
