package dev.cdcpipeline.tests.deploy;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** As much of Prometheus' query language as it takes to find the metrics in a query. */
final class PromQl {
    private static final Pattern NAME =
            Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*(?![a-zA-Z0-9_:(])");
    private static final Set<String> WORDS =
            Set.of("and", "or", "unless", "bool", "offset", "by", "without", "on", "ignoring");

    private PromQl() {}

    private static final Pattern SELECTED =
            Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)\\{([^}]*)}");
    private static final Pattern MATCHED = Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)\\s*[=!]");
    private static final Pattern GROUPED = Pattern.compile("\\bby\\s*\\(([^)]*)\\)");

    /** The labels that a query asks of every metric it reads, by its grouping. */
    static Set<String> groupingLabels(String query) {
        var labels = new TreeSet<String>();
        GROUPED.matcher(query)
                .results()
                .flatMap(group -> Arrays.stream(group.group(1).split(",", -1)))
                .map(String::strip)
                .filter(label -> !label.isEmpty())
                .forEach(labels::add);
        return labels;
    }

    /** The labels that a query asks of a metric, by its matchers. */
    static Set<String> matchedLabels(String query, String metric) {
        var labels = new TreeSet<String>();
        SELECTED.matcher(query)
                .results()
                .filter(selected -> selected.group(1).equals(metric))
                .flatMap(selected -> MATCHED.matcher(selected.group(2)).results())
                .forEach(label -> labels.add(label.group(1)));
        return labels;
    }

    /** The names of the metrics that a query reads. */
    static Set<String> metrics(String query) {
        String bare =
                query.replaceAll("\"[^\"]*\"", "")
                        .replaceAll("\\{[^}]*}", "")
                        .replaceAll("\\[[^]]*]", "")
                        .replaceAll("\\b(by|without|on|ignoring)\\s*\\([^)]*\\)", " ")
                        .replaceAll("\\b\\d[\\d.eE]*[smhdw]?\\b", "");
        var names = new TreeSet<String>();
        NAME.matcher(bare)
                .results()
                // A function is a name before a parenthesis.
                .filter(name -> !bare.substring(name.end()).stripLeading().startsWith("("))
                .map(name -> name.group())
                .filter(name -> !WORDS.contains(name))
                .forEach(names::add);
        return names;
    }
}
