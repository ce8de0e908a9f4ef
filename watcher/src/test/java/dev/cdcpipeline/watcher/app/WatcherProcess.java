package dev.cdcpipeline.watcher.app;

import dev.cdcpipeline.platform.config.Configuration;
import dev.cdcpipeline.platform.health.Health;
import dev.cdcpipeline.platform.lifecycle.ServiceRunner;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A Watcher in a process of its own, to be killed. */
final class WatcherProcess implements AutoCloseable {
    private final Path output = Files.createTempFile("watcher", ".log");
    private final Process process;

    WatcherProcess(Map<String, String> environment) throws IOException {
        var builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        WatcherProcess.class.getName());
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true).redirectOutput(output.toFile());
        this.process = builder.start();
    }

    /** Runs a Watcher until a signal. */
    public static void main(String[] arguments) throws InterruptedException {
        var settings = Configuration.load(WatcherSettings.class, null, System.getenv());
        var watcher = Parts.watcher(settings, new SimpleMeterRegistry(), new Health());
        System.exit(new ServiceRunner(settings.shutdown()).run("watcher", watcher).value());
    }

    /**
     * SIGKILL.
     *
     * @throws AssertionError when it had ended by itself
     */
    void kill() throws IOException, InterruptedException {
        requireAlive();
        process.destroyForcibly().waitFor();
    }

    /**
     * It has not ended by itself.
     *
     * @throws AssertionError when it has
     */
    void requireAlive() throws IOException {
        if (!process.isAlive()) {
            throw new AssertionError("the Watcher ended by itself: " + tail());
        }
    }

    /** SIGTERM; returns the exit code. */
    int terminate() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("it does not end");
        }
        return process.exitValue();
    }

    private List<String> tail() throws IOException {
        List<String> lines = Files.readAllLines(output);
        return lines.subList(Math.max(0, lines.size() - 20), lines.size());
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        Files.delete(output);
    }
}
