package dev.cdcpipeline.tests.deploy;

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
