package dev.cdcpipeline.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** One run of a server as a child process whose end its {@link ServerFolder} guarantees. */
public final class ServerProcess {

    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
    private static final int SHOWN_LOG_LINES = 20;

    /** The id is on disk before the server runs, so that the reaper cannot miss it. */
    private static final String RUN = "echo $$ >\"$0\" && exec \"$@\"";

    private final Process process;
    private final Path pidFile;
    private final Path log;

    private ServerProcess(Process process, Path pidFile, Path log) {
        this.process = process;
        this.pidFile = pidFile;
        this.log = log;
    }

    /**
     * Starts a process that writes its output to the file {@code server.log} of the folder.
     *
     * @param command the program and its arguments
     */
    public static ServerProcess start(ServerFolder folder, List<String> command) {
        Path pidFile = folder.path().resolve(ServerFolder.PID_FILE);
        Path log = folder.path().resolve("server.log");
        List<String> line = ServerFolder.ownSession();
        line.addAll(List.of("sh", "-c", RUN, pidFile.toString()));
        line.addAll(command);
        try {
            Process process =
                    new ProcessBuilder(line)
                            .directory(folder.path().toFile())
                            .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                            .redirectErrorStream(true)
                            .redirectOutput(Redirect.appendTo(log.toFile()))
                            .start();
            return new ServerProcess(process, pidFile, log);
        } catch (IOException e) {
            throw new UncheckedIOException("Could not start " + command.getFirst(), e);
        }
    }

    /** The process's id. */
    public long pid() {
        return process.pid();
    }

    /** Does it still run? */
    public boolean isAlive() {
        return process.isAlive();
    }

    /**
     * Waits until the server is ready.
     *
     * @throws IllegalStateException with the last lines of its log, when it ended or took longer
     *     than a minute
     */
    public void awaitReady(BooleanSupplier ready) {
        long end = System.nanoTime() + START_LIMIT.toNanos();
        while (!ready.getAsBoolean()) {
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new IllegalStateException(
                        "The server did not start. The end of its log:\n" + logTail());
            }
            pause();
        }
    }

    /**
     * Sends a signal and waits for the end; after half a minute the process is killed.
     *
     * @param signal its name, such as {@code INT}
     * @return the exit code; 128 and the signal's number when a signal ended the process
     */
    public int stop(String signal) {
        try {
            // Java's own process handle sends only TERM and KILL.
            new ProcessBuilder("sh", "-c", "kill -" + signal + " " + process.pid())
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.DISCARD)
                    .start()
                    .waitFor();
            if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            int exitCode = process.waitFor();
            Files.deleteIfExists(pidFile);
            return exitCode;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while a server stopped.", e);
        }
    }

    private String logTail() {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join(
                    "\n", lines.subList(Math.max(0, lines.size() - SHOWN_LOG_LINES), lines.size()));
        } catch (IOException e) {
            return "(no log: " + e.getMessage() + ")";
        }
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while a server started.", e);
        }
    }
}
