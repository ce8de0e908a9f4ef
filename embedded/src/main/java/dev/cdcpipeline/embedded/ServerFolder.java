package dev.cdcpipeline.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The temporary folder of one server. It disappears, with the server's process, however this JVM
 * ends.
 *
 * <p>A small shell, the reaper, reads from a pipe of which only this JVM holds the other end. When
 * the JVM closes it, exits, or is killed with SIGKILL, the reaper sees the end of the stream, ends
 * the process whose id it finds in the folder, and removes the folder. It ignores the signals that
 * a terminal sends to all its processes.
 */
public final class ServerFolder implements AutoCloseable {

    /** The file that holds the id of the server's process while it runs. */
    static final String PID_FILE = "server.pid";

    private static final long CLOSE_SECONDS = 30;

    private static final String REAPER =
            """
            trap '' INT TERM HUP QUIT
            cd /
            while read -r line; do :; done
            if read -r pid <"$1/server.pid" && kill -"$2" "$pid"; then
              turns=0
              while kill -0 "$pid" && [ $turns -lt 100 ]; do
                sleep 0.05
                turns=$((turns + 1))
              done
              kill -KILL "$pid"
            fi
            rm -rf "$1" || { sleep 1; rm -rf "$1"; }
            """;

    private final Path path;
    private final Process reaper;

    private ServerFolder(Path path, Process reaper) {
        this.path = path;
        this.reaper = reaper;
    }

    /**
     * Creates the folder of a server that ends at once by SIGQUIT, or has no process.
     *
     * @param server what it is for, a part of its name
     */
    public static ServerFolder create(String server) {
        return create(server, "QUIT");
    }

    /**
     * Creates a folder.
     *
     * @param server what it is for, a part of its name
     * @param signal the name of the signal that ends the server's process; five seconds later it is
     *     killed
     */
    public static ServerFolder create(String server, String signal) {
        try {
            Path path = Files.createTempDirectory("cdc-" + server + "-");
            List<String> command = ownSession();
            command.addAll(List.of("sh", "-c", REAPER, "cdc-reaper", path.toString(), signal));
            Process reaper =
                    new ProcessBuilder(command)
                            .redirectOutput(Redirect.DISCARD)
                            .redirectError(Redirect.DISCARD)
                            .start();
            return new ServerFolder(path, reaper);
        } catch (IOException e) {
            throw new UncheckedIOException("No temporary folder for " + server, e);
        }
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    /**
     * Ends the server's process if there is still one, removes the folder with all that is in it,
     * and waits for it.
     */
    @Override
    public void close() {
        try {
            reaper.getOutputStream().close();
            if (!reaper.waitFor(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("The folder " + path + " was not removed in time.");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            // The reaper does its work without us.
            Thread.currentThread().interrupt();
        }
    }

    /**
     * The start of a command line that gives the process a session of its own, where the system
     * can, so that Ctrl-C in the terminal does not reach it.
     */
    static List<String> ownSession() {
        var prefix = new ArrayList<String>();
        if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
            prefix.add("/usr/bin/setsid");
        }
        return prefix;
    }
}
