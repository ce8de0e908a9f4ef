package dev.cdcpipeline.platform.config;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what is wrong, so that all of it can be said at once. */
final class Problems {
    private final List<Problem> found = new ArrayList<>();

    void add(String key, @Nullable String value, String says) {
        found.add(new Problem(key, value, says));
    }

    void addAll(List<Problem> problems) {
        found.addAll(problems);
    }

    void throwIfAny() {
        if (!found.isEmpty()) {
            found.sort(Comparator.comparing(Problem::key));
            throw new ConfigurationException(found);
        }
    }
}
