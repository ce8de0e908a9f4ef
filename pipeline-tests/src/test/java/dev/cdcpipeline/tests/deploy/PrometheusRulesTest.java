package dev.cdcpipeline.tests.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The alert rules do what they say, by Prometheus' own tool where it is installed. */
class PrometheusRulesTest {

    @Test
    @DisplayName("14.1 Every alert has a unit test, and its place in the documentation")
    void everyAlertHasAUnitTest() {
        var tests = Deploy.text(Deploy.path("prometheus/alerts.test.yaml"));
        var page = Deploy.text(Deploy.path("../docs/troubleshooting.md"));

        for (Object group :
                Deploy.list(
                        Deploy.at(Deploy.yaml(Deploy.path("prometheus/alerts.yaml")), "groups"))) {
            for (Object rule : Deploy.list(Deploy.at(group, "rules"))) {
                assertThat(tests).contains("alertname=\"" + Deploy.at(rule, "alert") + "\"");
                assertThat(page).contains("`" + Deploy.at(rule, "alert") + "`");
            }
        }
    }

    @Test
    @DisplayName("14.1 Every alert fires when it should, and none while all is well (promtool)")
    void alertsFireWhenTheyShould() throws Exception {
        assumeTrue(isInstalled("promtool"), "needs promtool, of the package prometheus");

        var promtool =
                new ProcessBuilder(
                                List.of(
                                        "promtool",
                                        "test",
                                        "rules",
                                        Deploy.path("prometheus/alerts.test.yaml").toString()))
                        .redirectErrorStream(true)
                        .start();
        var said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(promtool.waitFor()).as(said).isZero();
    }

    private static boolean isInstalled(String program) {
        Stream<String> folders = Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1));
        return folders.anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
