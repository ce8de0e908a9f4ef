package dev.cdcpipeline.platform.config;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Options given by environment variables, or by files that such variables name. */
final class Environment {
    private static final String FILE = "_FILE";

    /** So many wrong characters are a typing error and not another variable. */
    private static final int TYPING_ERROR = 2;

    private final Map<String, String> variables;

    Environment(Map<String, String> variables) {
        this.variables = variables;
    }

    /** The value of an option; null if the environment does not give it. */
    @Nullable String value(Option option, Problems problems) {
        return value(option.environmentName(), option.key(), problems);
    }

    /** The entries of a map option by their names in it: {@code _} in a variable is a dot. */
    Map<String, String> entries(Option map, Problems problems) {
        var entries = new TreeMap<String, String>();
        var begin = map.environmentName() + "_";
        for (var variable : variables.keySet()) {
            if (variable.startsWith(begin) && variable.length() > begin.length()) {
                var name = withoutFile(variable);
                if (name.length() > begin.length()) {
                    var entry =
                            name.substring(begin.length())
                                    .toLowerCase(Locale.ROOT)
                                    .replace('_', '.');
                    var value = value(name, map.key() + "." + entry, problems);
                    if (value != null) {
                        entries.put(entry, value);
                    }
                }
            }
        }
        return entries;
    }

    /**
     * Names variables that are almost those of an option. Others of the same beginning are left
     * alone: Kubernetes makes some for every service.
     */
    void refuseMistyped(Schema schema, Problems problems) {
        var known = schema.options().stream().map(Option::environmentName).toList();
        for (var variable : variables.keySet()) {
            var name = withoutFile(variable);
            if (name.startsWith(schema.prefix().toUpperCase(Locale.ROOT) + "_")
                    && known.stream().noneMatch(option -> isOf(option, name))) {
                known.stream()
                        .filter(option -> Nearest.distance(name, option) <= TYPING_ERROR)
                        .findFirst()
                        .ifPresent(
                                option ->
                                        problems.add(
                                                variable,
                                                null,
                                                "is not an option; did you mean " + option + "?"));
            }
        }
    }

    /** Is the variable an option's, or a name in an option that is a map? */
    private static boolean isOf(String option, String variable) {
        return variable.equals(option) || variable.startsWith(option + "_");
    }

    private static String withoutFile(String variable) {
        return variable.endsWith(FILE)
                ? variable.substring(0, variable.length() - FILE.length())
                : variable;
    }

    private @Nullable String value(String variable, String key, Problems problems) {
        var direct = variables.get(variable);
        var file = variables.get(variable + FILE);
        if (file == null || file.isBlank()) {
            return direct == null || direct.isBlank() ? null : direct;
        }
        if (direct != null && !direct.isBlank()) {
            problems.add(
                    key, null, "set either " + variable + " or " + variable + FILE + ", not both");
            return null;
        }
        try {
            return Files.readString(Path.of(file)).stripTrailing();
        } catch (IOException | RuntimeException e) {
            problems.add(key, file, variable + FILE + " must name a readable UTF-8 text file");
            return null;
        }
    }
}
