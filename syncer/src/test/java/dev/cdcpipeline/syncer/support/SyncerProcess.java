package dev.cdcpipeline.syncer.support;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;

import dev.cdcpipeline.platform.config.Configuration;
import dev.cdcpipeline.platform.health.Health;
import dev.cdcpipeline.platform.lifecycle.ServiceRunner;
import dev.cdcpipeline.syncer.app.Syncer;
import dev.cdcpipeline.syncer.app.SyncerSettings;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A Syncer in a process of its own, to be killed and stopped by signals. */
public final class SyncerProcess implements AutoCloseable {
    private final Path output = Files.createTempFile("syncer", ".log");
    private final Process process;

    /**
     * Starts one.
     *
     * @param options more of them for its JVM
     */
    public SyncerProcess(Map<String, String> environment, String... options) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-XX:+ExitOnOutOfMemoryError"));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(SyncerProcess.class.getName());
        var builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true).redirectOutput(output.toFile());
        this.process = builder.start();
    }

    /** Runs a Syncer until a signal. */
    public static void main(String[] arguments) throws InterruptedException {
        ((Logger) LoggerFactory.getLogger("dev.cdcpipeline")).setLevel(Level.INFO);
        var settings = Configuration.load(SyncerSettings.class, null, System.getenv());
        var syncer = Syncer.service(settings, new SimpleMeterRegistry(), new Health());
        System.exit(new ServiceRunner(settings.shutdown()).run("syncer", syncer).value());
    }

    /** SIGKILL. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Sends a signal by its name. */
    public void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    }

    /** Returns whether it runs. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Waits until it ends by itself; returns the exit code. */
    public int exitCode() throws InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("it does not end");
        }
        return process.exitValue();
    }

    /** SIGTERM; returns the exit code. */
    public int terminate() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("it does not end");
        }
        return process.exitValue();
    }

    /** What it logged that holds a text. */
    public List<String> logged(String text) throws IOException {
        return Files.readAllLines(output).stream().filter(line -> line.contains(text)).toList();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        Files.delete(output);
    }
}
