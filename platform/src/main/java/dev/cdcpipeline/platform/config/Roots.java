package dev.cdcpipeline.platform.config;

import java.util.Set;

/** The roots of the keys: one file may hold the options of both services. */
final class Roots {
    private static final Set<String> ALL = Set.of("watcher", "syncer");

    private Roots() {}

    /** Is the key an option of another service than the one that reads? */
    static boolean belongsToAnother(String key, String prefix) {
        int dot = key.indexOf('.');
        var root = dot < 0 ? key : key.substring(0, dot);
        return !root.equals(prefix) && ALL.contains(root);
    }
}
