package dev.cdcpipeline.embedded;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A real PostgreSQL 18 server as a child process on a loopback port, with its data in a temporary
 * folder.
 *
 * <p>It trusts every connection, unless it is started with {@link PostgresSecurity}. It does not
 * force its files to the disk ({@code fsync=off}), so its data survives the death of the process
 * but not that of the machine. Calls must not overlap.
 */
public final class PostgresServer implements AutoCloseable {

    private static final String USER = "postgres";

    private final ServerFolder folder;
    private final Path programs;
    private final Path data;
    private final int port;
    private final Map<String, String> settings;
    private final @Nullable String rules;
    private @Nullable ServerProcess process;

    private PostgresServer(ServerFolder folder, Map<String, String> extra, @Nullable String rules) {
        this.rules = rules;
        this.folder = folder;
        this.programs = PostgresBinaries.home().resolve("bin");
        this.data = folder.path().resolve("data");
        this.port = LoopbackPort.free();
        this.settings =
                new TreeMap<>(
                        Map.of(
                                "port", String.valueOf(port),
                                "listen_addresses", "127.0.0.1",
                                "unix_socket_directories", "",
                                "fsync", "off",
                                "full_page_writes", "off",
                                "dynamic_shared_memory_type", "mmap",
                                "shared_buffers", "64MB",
                                "max_wal_size", "1GB",
                                "log_timezone", "UTC",
                                "timezone", "UTC"));
        settings.putAll(extra);
    }

    /** Starts a new server with an empty database named {@code postgres}. */
    public static PostgresServer start() {
        return start(Map.of());
    }

    /**
     * Starts a new server with an empty database named {@code postgres}.
     *
     * @param extra settings of {@code postgresql.conf}, over this class's own
     */
    public static PostgresServer start(Map<String, String> extra) {
        return started(new PostgresServer(ServerFolder.create("postgres"), extra, null));
    }

    /** Starts a new server that lets users in by TLS only, with a password or a certificate. */
    public static PostgresServer start(PostgresSecurity security) {
        return started(
                new PostgresServer(
                        ServerFolder.create("postgres"),
                        security.settings(),
                        PostgresSecurity.rules(USER)));
    }

    private static PostgresServer started(PostgresServer server) {
        try {
            server.initialise();
            server.restart();
            return server;
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    /** The JDBC URL of the database {@code postgres}; the user is not in it. */
    public String jdbcUrl() {
        return jdbcUrl("postgres");
    }

    /** The JDBC URL of a database of this server; the user is not in it. */
    public String jdbcUrl(String database) {
        return "jdbc:postgresql://%s:%d/%s".formatted(host(), port, database);
    }

    /** A superuser who needs no password. */
    public String user() {
        return USER;
    }

    /** The address it listens on. */
    public String host() {
        return "127.0.0.1";
    }

    /** The port it listens on, the same after a restart. */
    public int port() {
        return port;
    }

    /**
     * Stops the server as its operators do: connections are cut, the data is checkpointed. Keeps
     * the data.
     */
    public void stop() {
        stop("INT");
    }

    /**
     * Stops the server as a crash does: the next start recovers from the write-ahead log. Keeps the
     * data.
     */
    public void stopImmediately() {
        stop("QUIT");
    }

    /** Starts the server on the same port with its data, after stopping it if it runs. */
    public void restart() {
        stop();
        List<String> command = withoutRoot();
        command.addAll(List.of(program("postgres"), "-D", data.toString()));
        settings.forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
        ServerProcess starting = ServerProcess.start(folder, command);
        process = starting;
        starting.awaitReady(this::isReady);
    }

    /** Where its data lies. */
    Path folder() {
        return folder.path();
    }

    /** Stops the server and removes its data. */
    @Override
    public void close() {
        // The folder ends the process, and quicker than a checkpoint that nobody needs.
        process = null;
        folder.close();
    }

    private void stop(String signal) {
        ServerProcess running = process;
        process = null;
        if (running != null) {
            running.stop(signal);
        }
    }

    private void initialise() {
        List<String> command = withoutRoot();
        command.addAll(
                List.of(
                        program("initdb"),
                        "--pgdata=" + data,
                        "--username=" + USER,
                        "--auth=trust",
                        "--encoding=UTF8",
                        "--locale=C",
                        "--locale-provider=builtin",
                        "--builtin-locale=C.UTF-8",
                        "--no-sync",
                        "--no-instructions"));
        Path log = folder.path().resolve("initdb.log");
        try {
            Process initdb =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(Redirect.to(log.toFile()))
                            .start();
            if (initdb.waitFor() != 0) {
                throw new IllegalStateException("initdb failed:\n" + Files.readString(log));
            }
            if (rules != null) {
                Files.writeString(data.resolve("pg_hba.conf"), rules);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Could not run initdb", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while initdb ran.", e);
        }
    }

    /** The last line of its pid file says when it takes connections. */
    private boolean isReady() {
        try {
            List<String> lines = Files.readAllLines(data.resolve("postmaster.pid"));
            return lines.size() >= 8 && lines.get(7).strip().equals("ready");
        } catch (IOException notYet) {
            return false;
        }
    }

    private String program(String name) {
        return programs.resolve(name).toString();
    }

    /**
     * PostgreSQL refuses to run as root; in a user namespace of its own the process is somebody
     * else.
     */
    private static List<String> withoutRoot() {
        var prefix = new ArrayList<String>();
        if (System.getProperty("user.name").equals("root")) {
            prefix.addAll(List.of("unshare", "--user"));
        }
        return prefix;
    }
}
