package dev.cdcpipeline.tests.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every metric that an alert, a dashboard or a page names exists on the running services. */
class MetricNamesTest {
    private static final Pattern METER = Pattern.compile("\"(cdc\\.[a-z.]+)\"");

    private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:0-9]+)(?:\\{(.*)})? .*");
    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"");

    /** Prometheus adds these to whatever it scrapes. */
    private static final Set<String> OF_PROMETHEUS = Set.of("job", "instance");

    private static final Map<String, Set<String>> labels = new TreeMap<>();
    private static Set<String> exposed = Set.of();

    @BeforeAll
    static void scrapesRunningServices(@TempDir Path folder) throws Exception {
        try (var pipeline = new RunningPipeline(folder)) {
            pipeline.carryADocument();
            pipeline.scrape().lines().forEach(MetricNamesTest::learnLabels);
            exposed =
                    pipeline.scrape()
                            .lines()
                            .filter(line -> !line.startsWith("#"))
                            .map(line -> line.split("[{ ]", 2)[0])
                            .collect(Collectors.toCollection(TreeSet::new));
        }
        exposed.add("up"); // Prometheus' own
        exposed.addAll(countersOfFailures());
    }

    private static void learnLabels(String line) {
        var sample = SAMPLE.matcher(line);
        if (!line.startsWith("#") && sample.matches()) {
            var known = labels.computeIfAbsent(sample.group(1), name -> new TreeSet<>());
            if (sample.group(2) != null) {
                LABEL.matcher(sample.group(2))
                        .results()
                        .forEach(label -> known.add(label.group(1)));
            }
        }
    }

    /** A label that no metric of a query has groups everything into one, and nobody notices. */
    private static void assertLabelsExist(String title, String query) {
        for (String metric : PromQl.metrics(query)) {
            // Counters of failures have shown up in the source only.
            if (labels.containsKey(metric)) {
                var wanted = new TreeSet<>(PromQl.groupingLabels(query));
                wanted.addAll(PromQl.matchedLabels(query, metric));
                wanted.removeAll(OF_PROMETHEUS);
                assertThat(labels.get(metric)).as(title + ": " + metric).containsAll(wanted);
            }
        }
    }

    @AfterAll
    static void forgets() {
        labels.clear();
        exposed = Set.of();
    }

    /** Counters with labels appear with their first count; of these the source must do. */
    private static Set<String> countersOfFailures() throws IOException {
        var names = new TreeSet<String>();
        for (String module : List.of("watcher", "syncer")) {
            try (Stream<Path> files = Files.walk(Deploy.path("../" + module + "/src/main"))) {
                files.filter(file -> file.toString().endsWith(".java"))
                        .flatMap(file -> METER.matcher(Deploy.text(file)).results())
                        .map(name -> name.group(1).replace('.', '_') + "_total")
                        .filter(
                                name ->
                                        name.matches(
                                                ".*_(retries|restarts|reconnects|dead_letters|renames_not_copied|sweeps_left_out)_total"))
                        .forEach(names::add);
            }
        }
        return names;
    }

    @Test
    @DisplayName("14.1 Every metric of the alerts exists")
    void alertsNameMetricsThatExist() {
        for (Object group :
                Deploy.list(
                        Deploy.at(Deploy.yaml(Deploy.path("prometheus/alerts.yaml")), "groups"))) {
            for (Object rule : Deploy.list(Deploy.at(group, "rules"))) {
                assertThat(exposed)
                        .as(Deploy.at(rule, "alert").toString())
                        .containsAll(PromQl.metrics(Deploy.at(rule, "expr").toString()));
                assertLabelsExist(
                        Deploy.at(rule, "alert").toString(), Deploy.at(rule, "expr").toString());
                assertThat(Deploy.map(Deploy.at(rule, "annotations")))
                        .containsOnlyKeys("summary", "description");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"overview", "watcher", "syncer"})
    @DisplayName("14.1 Every metric of the dashboards exists")
    void dashboardsNameMetricsThatExist(String name) {
        Map<?, ?> dashboard =
                new Gson()
                        .fromJson(
                                Deploy.text(Deploy.path("grafana/dashboards/" + name + ".json")),
                                Map.class);
        var panels = Deploy.list(Deploy.at(dashboard, "panels"));

        assertThat(panels).isNotEmpty();
        for (Object panel : panels) {
            for (Object target : Deploy.list(Deploy.at(panel, "targets"))) {
                assertThat(exposed)
                        .as(Deploy.at(panel, "title").toString())
                        .containsAll(PromQl.metrics(Deploy.at(target, "expr").toString()));
                assertLabelsExist(
                        Deploy.at(panel, "title").toString(), Deploy.at(target, "expr").toString());
            }
        }
    }

    @Test
    @DisplayName("14.6 Every metric that a page names exists")
    void pagesNameMetricsThatExist() throws Exception {
        for (Path page : Documents.pagesOfToday()) {
            assertThat(Documents.codes(page))
                    .filteredOn(code -> code.matches("cdc_(watcher|syncer)_[a-z_]+"))
                    .allSatisfy(
                            code ->
                                    assertThat(exposed)
                                            .as("%s in %s", code, page)
                                            .anyMatch(
                                                    name ->
                                                            name.equals(code)
                                                                    || name.equals(
                                                                            code + "_count")));
        }
    }

    @Test
    @DisplayName("14.1 Finds the labels of a query")
    void findsTheLabelsOfAQuery() {
        var query = "sum by (le, kind) (rate(a_bucket{b=\"c\",d!=\"e\"}[5m])) / f";

        assertThat(PromQl.groupingLabels(query)).containsExactly("kind", "le");
        assertThat(PromQl.matchedLabels(query, "a_bucket")).containsExactly("b", "d");
        assertThat(PromQl.matchedLabels(query, "f")).isEmpty();
    }

    @Test
    @DisplayName("14.1 Finds the metrics of a query")
    void findsTheMetricsOfAQuery() {
        assertThat(
                        PromQl.metrics(
                                "histogram_quantile(0.99, sum by (le) (rate(a_bucket{b=\"c\"}[5m]))) > 60 and absent(d == 1)"))
                .containsExactly("a_bucket", "d");
    }
}
