package dev.cdcpipeline.tests.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Renders the manifests as {@code kubectl apply -k} would. */
final class Kustomize {
    private Kustomize() {}

    /** The folders that render on their own. */
    static List<Path> folders() throws IOException {
        Path root = Deploy.path("kubernetes");
        try (Stream<Path> overlays = Files.list(root.resolve("overlays"))) {
            return Stream.concat(Stream.of(root.resolve("base")), overlays).sorted().toList();
        }
    }

    /** The files that hold objects, as they are before they are rendered. */
    static List<Path> manifests() throws IOException {
        try (Stream<Path> files = Files.walk(Deploy.path("kubernetes"))) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .filter(file -> !file.endsWith("kustomization.yaml"))
                    .filter(file -> !file.toString().contains("/config/"))
                    .sorted()
                    .toList();
        }
    }

    /** Every object of a folder; skips the test where kubectl is not installed. */
    static List<Map<String, Object>> render(Path folder) throws Exception {
        assumeTrue(installed(), "kubectl is not on the PATH, so nothing is rendered");
        var process =
                new ProcessBuilder("kubectl", "kustomize", folder.toString())
                        .redirectErrorStream(true)
                        .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return Deploy.documents(output);
    }

    private static boolean installed() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "kubectl")));
    }
}
