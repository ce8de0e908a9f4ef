package dev.cdcpipeline.platform.config;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.YAMLException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The roots of the keys: one file may hold the options of both services. */
final class Roots {
    private static final Set<String> ALL = Set.of("watcher", "syncer");

    private Roots() {}

    /** The services that a file or the environment has options of; all if it cannot be read. */
    static Set<String> in(@Nullable Path file, Map<String, String> environment) {
        var found = new TreeSet<String>();
        for (var service : ALL) {
            var begin = service.toUpperCase(Locale.ROOT) + "_";
            if (file == null && environment.keySet().stream().anyMatch(n -> n.startsWith(begin))) {
                found.add(service);
            }
        }
        if (file != null) {
            try {
                found.addAll(YamlFile.roots(file));
                found.retainAll(ALL);
            } catch (IOException | YAMLException unreadable) {
                return ALL;
            }
        }
        return found;
    }

    /** Is the key an option of another service than the one that reads? */
    static boolean belongsToAnother(String key, String prefix) {
        int dot = key.indexOf('.');
        var root = dot < 0 ? key : key.substring(0, dot);
        return !root.equals(prefix) && ALL.contains(root);
    }
}
