package dev.cdcpipeline.tests.secrets;

import static org.awaitility.Awaitility.await;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.cdcpipeline.cli.Main;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;

/** The command {@code cdc} as a process, with an environment of its own, and all that it prints. */
final class CanaryProcess implements AutoCloseable {
    private static final Pattern PORT =
            Pattern.compile("metrics and health of the \\w+ on port (\\d+)");

    private final Process process;
    private final Queue<String> printed = new ConcurrentLinkedQueue<>();
    private final Thread reader;
    private volatile int warnings;
    private volatile @Nullable String port;

    CanaryProcess(String service, Map<String, String> environment) throws IOException {
        this(List.of(service), environment);
    }

    CanaryProcess(String service, Map<String, String> environment, Path yaml) throws IOException {
        this(List.of(service, "-c", yaml.toString()), environment);
    }

    CanaryProcess(List<String> arguments, Map<String, String> environment) throws IOException {
        var command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Main.class.getName()));
        command.addAll(arguments);
        var builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        process = builder.redirectErrorStream(true).start();
        reader = Thread.ofVirtual().start(this::read);
    }

    private void read() {
        process.inputReader().lines().forEach(this::take);
    }

    /** Looks at each line once: at TRACE they are many megabytes. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // by the reader alone
    private void take(String line) {
        printed.add(line);
        if (line.contains("WARN")) {
            warnings++;
        }
        if (port == null) {
            var found = PORT.matcher(line);
            port = found.find() ? found.group(1) : null;
        }
    }

    /** Waits until it has warned so often, or has ended. */
    void awaitWarnings(int wanted) {
        await().atMost(90, SECONDS).until(() -> warnings >= wanted || !reader.isAlive());
    }

    /** Waits until it has ended by itself. */
    void awaitEnd() {
        await().atMost(90, SECONDS).until(() -> !reader.isAlive());
    }

    /** What the HTTP endpoint answers; nothing if the process did not get that far or ends. */
    String get(String path) throws IOException, InterruptedException {
        if (port == null || !process.isAlive()) {
            return "";
        }
        try (var client = HttpClient.newHttpClient()) {
            var uri = URI.create("http://127.0.0.1:" + port + path);
            return client.send(
                            HttpRequest.newBuilder(uri).build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            if (process.waitFor(60, SECONDS)) {
                return "";
            }
            throw e;
        }
    }

    /** Asks the process to end, and waits until it has, at most as long as a stop may take. */
    void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(60, SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        reader.join(SECONDS.toMillis(30));
    }

    String printed() {
        return String.join("\n", printed);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
