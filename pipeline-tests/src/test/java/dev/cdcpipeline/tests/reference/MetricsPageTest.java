package dev.cdcpipeline.tests.reference;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The reference of the metrics, held against the names that the services register. */
class MetricsPageTest {
    private static final Pattern REGISTERED =
            Pattern.compile("\"(cdc\\.(?:watcher|syncer|service)\\.[a-z.]+)\"");
    private static final Pattern DOCUMENTED = Pattern.compile("`(cdc_[a-z_]+)`");

    /** What Prometheus' naming puts behind a name, by the kind of meter and its unit. */
    private static final String SUFFIX = "(_total|_seconds|_bytes|_records)?";

    @Test
    @DisplayName("14.1 Every metric of the services is documented")
    void everyMetricIsDocumented() throws IOException {
        var documented = documented();

        assertThat(registered())
                .isNotEmpty()
                .allSatisfy(
                        name ->
                                assertThat(documented)
                                        .anyMatch(row -> row.matches(plain(name) + SUFFIX)));
    }

    @Test
    @DisplayName("14.1 Every documented metric exists")
    void everyDocumentedMetricExists() throws IOException {
        var registered = registered();

        assertThat(documented())
                .isNotEmpty()
                .allSatisfy(
                        row ->
                                assertThat(registered)
                                        .anyMatch(name -> row.matches(plain(name) + SUFFIX)));
    }

    private static String plain(String name) {
        return name.replace('.', '_');
    }

    private static Set<String> documented() {
        return DOCUMENTED
                .matcher(Repository.text("docs/reference/metrics.md"))
                .results()
                .map(row -> row.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> registered() throws IOException {
        var names = new TreeSet<String>();
        for (var module : new String[] {"watcher", "syncer", "platform"}) {
            try (Stream<Path> files = Files.walk(Repository.path(module + "/src/main/java"))) {
                files.filter(file -> file.toString().endsWith(".java"))
                        .flatMap(file -> REGISTERED.matcher(read(file)).results())
                        .forEach(found -> names.add(found.group(1)));
            }
        }
        return names;
    }

    private static String read(Path file) {
        return Repository.text(file.toString());
    }
}
