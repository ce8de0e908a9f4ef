package dev.cdcpipeline.platform.config;

import dev.cdcpipeline.platform.secret.Redaction;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.source.yaml.YamlConfigSource;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The values of a YAML file by their keys, their expressions resolved. */
final class YamlFile {

    private YamlFile() {}

    /** Reads a file; what cannot be read or resolved becomes a problem and is left out. */
    static Map<String, String> read(
            @Nullable Path file, Map<String, String> environment, Problems problems) {
        if (file == null) {
            return Map.of();
        }
        try {
            var text = Files.readString(file);
            refuseDuplicateKeys(text);
            return resolve(new YamlConfigSource(file.toString(), text, 200), environment, problems);
        } catch (IOException e) {
            problems.add(file.toString(), null, "the configuration file cannot be read");
        } catch (YAMLException e) {
            problems.add(file.toString(), null, "not valid YAML: " + oneLine(e));
        }
        problems.throwIfAny(); // of a broken file every option would seem to be missing
        return Map.of();
    }

    /** SmallRye would let the last of them win. */
    private static void refuseDuplicateKeys(String text) {
        var _ = parse(text);
    }

    private static @Nullable Object parse(String text) {
        var options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        return new Yaml(new SafeConstructor(options)).load(text);
    }

    /** What its keys begin with. */
    static Set<String> roots(Path file) throws IOException {
        var roots = new TreeSet<String>();
        if (parse(Files.readString(file)) instanceof Map<?, ?> map) {
            map.keySet().forEach(key -> roots.add(String.valueOf(key).split("\\.", 2)[0]));
        }
        return roots;
    }

    private static Map<String, String> resolve(
            YamlConfigSource yaml, Map<String, String> environment, Problems problems) {
        var config =
                new SmallRyeConfigBuilder()
                        .addDefaultInterceptors()
                        .withSources(
                                yaml, new PropertiesConfigSource(environment, "environment", 100))
                        .build();
        var values = new TreeMap<String, String>();
        for (var entry : yaml.getProperties().entrySet()) {
            var value = resolve(config, entry, problems);
            if (value != null) {
                values.put(entry.getKey(), value);
            }
        }
        return values;
    }

    private static @Nullable String resolve(
            SmallRyeConfig config, Map.Entry<String, String> entry, Problems problems) {
        if (entry.getValue().indexOf('$') < 0) {
            return entry.getValue();
        }
        var value = expand(config, entry.getKey());
        if (value == null) {
            problems.add(
                    entry.getKey(),
                    Redaction.redact(entry.getValue()),
                    "uses a variable that is not set; set it, or give it a default:"
                            + " ${NAME:default}");
        }
        return value;
    }

    private static @Nullable String expand(SmallRyeConfig config, String key) {
        try {
            return config.getConfigValue(key).getValue();
        } catch (NoSuchElementException | IllegalArgumentException e) {
            return null; // SmallRye says it in its own words; the caller says it in ours
        }
    }

    private static String oneLine(YAMLException e) {
        return String.valueOf(e.getMessage()).lines().map(String::strip).toList().toString();
    }
}
