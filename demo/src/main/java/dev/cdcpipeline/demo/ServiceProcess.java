package dev.cdcpipeline.demo;

import dev.cdcpipeline.embedded.LoopbackPort;
import dev.cdcpipeline.embedded.ServerFolder;
import dev.cdcpipeline.embedded.ServerProcess;
import dev.cdcpipeline.platform.status.StatusReport;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * The Watcher or the Syncer in a JVM of its own, as in production: {@code cdc watcher -c file}.
 *
 * <p>Its configuration, its files and its log lie in a temporary folder that stays over restarts.
 * When the JVM that started it ends, however it ends, the process is killed and the folder removed.
 * Calls must not overlap.
 */
public final class ServiceProcess implements AutoCloseable {

    private static final String MAIN = "dev.cdcpipeline.cli.Main";
    private static final Duration REQUEST_LIMIT = Duration.ofSeconds(2);
    private static final Duration POLL = Duration.ofMillis(20);

    private final String command;
    private final ServerFolder folder;
    private final int httpPort = LoopbackPort.free();
    private final HttpClient http = HttpClient.newBuilder().connectTimeout(REQUEST_LIMIT).build();
    private List<String> jvmOptions = List.of();
    private @Nullable ServerProcess process;

    /**
     * A service that does not run yet.
     *
     * @param command {@code watcher} or {@code syncer}
     */
    public ServiceProcess(String command) {
        this.command = command;
        this.folder = ServerFolder.create(command, "KILL");
    }

    /** The command that starts it. */
    public String name() {
        return command;
    }

    /** The port of its {@code /metrics} and {@code /health}, to be put into its configuration. */
    public int httpPort() {
        return httpPort;
    }

    /** A folder that stays over restarts, for what its configuration names. */
    public Path folder() {
        return folder.path();
    }

    /** What it has logged, over all its starts. */
    public Path log() {
        return folder.path().resolve("server.log");
    }

    /** The id of its process while it runs. */
    public long pid() {
        ServerProcess running = process;
        return running == null ? 0 : running.pid();
    }

    /** Options for its JVM, from the next start on. */
    public void jvmOptions(List<String> options) {
        jvmOptions = List.copyOf(options);
    }

    /** Starts it with this configuration, without waiting until it is ready. */
    public void start(String yaml) {
        try {
            Files.writeString(configuration(), yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        restart();
    }

    /** Starts it with the same configuration, after killing it if it runs. */
    public void restart() {
        kill();
        var line = new ArrayList<String>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(
                List.of(
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-XX:+ExitOnOutOfMemoryError"));
        line.addAll(jvmOptions);
        line.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN));
        line.addAll(List.of(command, "-c", configuration().toString()));
        process = ServerProcess.start(folder, line);
    }

    /** Does its process run? */
    public boolean isAlive() {
        ServerProcess running = process;
        return running != null && running.isAlive();
    }

    /**
     * Waits until its {@code /health/ready} answers 200. A Syncer is not ready before there is a
     * topic for it.
     *
     * @throws IllegalStateException with the last lines of its log, when it ends first or takes
     *     longer
     */
    public void awaitReady(Duration limit) {
        await("/health/ready", limit);
    }

    /**
     * Waits until its {@code /health/live} answers 200.
     *
     * @throws IllegalStateException with the last lines of its log, when it ends first or takes
     *     longer
     */
    public void awaitLive(Duration limit) {
        await("/health/live", limit);
    }

    private void await(String health, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        while (!"200".equals(get(health, true))) {
            if (!isAlive()) {
                throw new IllegalStateException(
                        "The %s ended at its start. Its log:%n%s".formatted(command, logTail(20)));
            }
            if (System.nanoTime() > end) {
                throw new IllegalStateException(
                        "The %s was not ready after %d s. Its log:%n%s"
                                .formatted(command, limit.toSeconds(), logTail(20)));
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    /** Does its {@code /health/ready} answer 200 now? */
    public boolean isReady() {
        return "200".equals(get("/health/ready", true));
    }

    /** What its {@code /metrics} say now; null when it does not answer. */
    public @Nullable String metrics() {
        return get("/metrics", false);
    }

    /** What its {@code /status} says now; null when it does not answer. */
    public @Nullable StatusReport status() {
        String answer = get("/status", false);
        try {
            return answer == null ? null : StatusReport.parse(answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kills it with SIGKILL. Does nothing when it does not run. */
    public void kill() {
        stop("KILL");
    }

    /** Asks it to drain and end with SIGTERM, waits for it, and returns its exit code. */
    public int stop() {
        return stop("TERM");
    }

    /** The last lines of its log. */
    public String logTail(int count) {
        try {
            List<String> lines = Files.readAllLines(log());
            return String.join(
                    System.lineSeparator(),
                    lines.subList(Math.max(0, lines.size() - count), lines.size()));
        } catch (IOException e) {
            return "(no log)";
        }
    }

    /** Kills it if it still runs, and removes its folder. */
    @Override
    public void close() {
        kill();
        http.shutdownNow();
        folder.close();
    }

    private int stop(String signal) {
        ServerProcess running = process;
        process = null;
        return running == null ? 0 : running.stop(signal);
    }

    private @Nullable String get(String path, boolean status) {
        var request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort + path))
                        .timeout(REQUEST_LIMIT)
                        .build();
        try {
            var response = http.send(request, BodyHandlers.ofString());
            return status ? String.valueOf(response.statusCode()) : response.body();
        } catch (IOException notNow) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    private Path configuration() {
        return folder.path().resolve(command + ".yaml");
    }
}
