package dev.cdcpipeline.embedded;

import org.jspecify.annotations.Nullable;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A real Redis server as a child process on a loopback port, with its data in a temporary folder.
 *
 * <p>Every write goes to its append-only file before it is confirmed. Calls must not overlap.
 */
public final class RedisServer implements AutoCloseable {

    private static final String SENTINEL = "--sentinel";
    private static final List<String> DURABLE =
            List.of("--appendonly", "yes", "--appendfsync", "always", "--save", "");

    private final ServerFolder folder;
    private final int port;
    private final @Nullable String password;
    private final @Nullable RedisSecurity security;
    private final List<String> options;
    private @Nullable ServerProcess process;

    private RedisServer(
            ServerFolder folder,
            @Nullable String password,
            @Nullable RedisSecurity security,
            List<String> options) {
        this.folder = folder;
        this.port = LoopbackPort.free();
        this.password = password;
        this.security = security;
        this.options = options;
    }

    /** Starts a new, empty server that asks for no password. */
    public static RedisServer start() {
        return started(null, null, DURABLE);
    }

    /** Starts a new, empty server whose default user has this password. */
    public static RedisServer start(String password) {
        return started(password, null, DURABLE);
    }

    /** Starts a new, empty server that speaks TLS and knows these users only. */
    public static RedisServer start(RedisSecurity security) {
        return started(null, security, DURABLE);
    }

    /** Starts a new server that may become a cluster of one, once it is given all hash slots. */
    public static RedisServer startForACluster() {
        for (int attempt = 1; ; attempt++) {
            try {
                return started(null, null, List.of("--cluster-enabled", "yes"));
            } catch (IllegalStateException e) {
                // Its second port, 10,000 above the first, may be taken.
                if (attempt == 5) {
                    throw e;
                }
            }
        }
    }

    /** Starts a server that copies another one, which asks for no password, and is read only. */
    public static RedisServer startReplica(RedisServer master) {
        List<String> options = new ArrayList<>(DURABLE);
        options.addAll(List.of("--replicaof", master.host(), String.valueOf(master.port())));
        return started(null, null, options);
    }

    /**
     * Starts a sentinel that watches a server, and makes a replica the master when it has not
     * answered for a second.
     *
     * @param name what it calls the server
     */
    public static RedisServer startSentinel(String name, RedisServer master) {
        String configuration =
                """
                sentinel monitor %1$s %2$s %3$d 1
                sentinel down-after-milliseconds %1$s 1000
                sentinel failover-timeout %1$s 5000
                """
                        .formatted(name, master.host(), master.port());
        return started(null, null, List.of(SENTINEL, configuration));
    }

    private static RedisServer started(
            @Nullable String password, @Nullable RedisSecurity security, List<String> options) {
        var server = new RedisServer(ServerFolder.create("redis"), password, security, options);
        try {
            server.unpack();
            server.restart();
            return server;
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    /** The address it listens on. */
    public String host() {
        return "127.0.0.1";
    }

    /** The port it listens on, the same after a restart. */
    public int port() {
        return port;
    }

    /** {@code redis://host:port}, with the password when there is one. */
    public String url() {
        String credentials = password == null ? "" : ":" + password + "@";
        return "redis://%s%s:%d".formatted(credentials, host(), port);
    }

    /**
     * Stops the server as its operators do, and keeps its data. Does nothing when it is stopped.
     */
    public void stop() {
        stop("TERM");
    }

    /** Kills the server, and keeps what it had confirmed. */
    public void stopImmediately() {
        stop("KILL");
    }

    /** Starts the server on the same port with its data, after stopping it if it runs. */
    public void restart() {
        stop();
        ServerProcess starting = ServerProcess.start(folder, command());
        process = starting;
        starting.awaitReady(this::isReady);
    }

    /** Starts the server on the same port with nothing in it, after stopping it if it runs. */
    public void restartEmpty() {
        stopImmediately();
        FolderTree.delete(data());
        restart();
    }

    /** Stops the server and removes its data. */
    @Override
    public void close() {
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

    private List<String> command() {
        boolean sentinel = options.getFirst().equals(SENTINEL);
        var command = new ArrayList<>(List.of(program().toString()));
        try {
            Files.createDirectories(data());
            if (sentinel) {
                // It keeps what it finds out in its configuration, which must be a file.
                Path file = data().resolve("sentinel.conf");
                Files.writeString(file, options.getLast());
                command.addAll(List.of(file.toString(), SENTINEL));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        command.addAll(
                security == null
                        ? List.of("--port", String.valueOf(port))
                        : security.arguments(port));
        command.addAll(List.of("--bind", host(), "--dir", data().toString()));
        if (!sentinel) {
            command.addAll(options);
        }
        if (password != null) {
            command.addAll(List.of("--requirepass", password));
        }
        return command;
    }

    /**
     * It listens before its data is loaded, and answers that it still loads. What speaks TLS is
     * asked only whether it listens.
     */
    private boolean isReady() {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(host(), port), 1_000);
            return security != null || !answerToPing(socket).startsWith("-LOADING");
        } catch (IOException notYet) {
            return false;
        }
    }

    /** An answer in Redis' protocol; {@code -NOAUTH} of a server with a password. */
    private static String answerToPing(Socket socket) throws IOException {
        socket.setSoTimeout(1_000);
        socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
        var reader =
                new BufferedReader(
                        new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        String line = reader.readLine();
        if (line == null) {
            throw new EOFException("Redis closed the connection");
        }
        return line;
    }

    private void unpack() {
        String system =
                System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac")
                        ? "darwin"
                        : "linux";
        boolean arm = System.getProperty("os.arch").equals("aarch64");
        String version = system.equals("linux") && arm ? "6.2.7" : "6.2.6-v5";
        String resource =
                "/redis-server-%s-%s-%s".formatted(version, system, arm ? "arm64" : "amd64");
        try (InputStream in = redis.embedded.RedisServer.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(
                        "There is no Redis program for this system: " + resource);
            }
            Files.copy(in, program());
            if (!program().toFile().setExecutable(true)) {
                throw new IOException("Could not make " + program() + " executable");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path program() {
        return folder.path().resolve("redis-server");
    }

    private Path data() {
        return folder.path().resolve("data");
    }
}
