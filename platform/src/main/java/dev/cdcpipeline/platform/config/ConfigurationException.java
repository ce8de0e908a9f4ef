package dev.cdcpipeline.platform.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be used. The message is for the operator and names every problem. */
public final class ConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    /** Makes one of at least one problem. */
    public ConfigurationException(List<Problem> problems) {
        // The message says it all: a stack trace would only hide it.
        super(message(problems), null, false, false);
        this.problems = List.copyOf(problems);
    }

    /** Every problem that was found, in the order of their keys. */
    public List<Problem> problems() {
        return problems;
    }

    private static String message(List<Problem> problems) {
        var head =
                problems.size() == 1
                        ? "The configuration has a problem:"
                        : "The configuration has " + problems.size() + " problems:";
        return problems.stream()
                .map(problem -> "\n  - " + problem)
                .collect(Collectors.joining("", head, ""));
    }
}
