package dev.cdcpipeline.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.cli.doctor.Doctor;
import dev.cdcpipeline.cli.doctor.Finding;
import dev.cdcpipeline.cli.doctor.Finding.Mark;
import dev.cdcpipeline.cli.doctor.Findings;
import dev.cdcpipeline.embedded.mongo.ShardedCluster;
import dev.cdcpipeline.platform.config.Configuration;
import dev.cdcpipeline.watcher.app.WatcherSettings;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** {@code cdc config check --connect} keeps to one router of several, as a Watcher does. */
@Timeout(120)
class PinnedDoctorTest {

    @Test
    @DisplayName("11.5, 1.4: the check asks one router only: the cursor it opens lives there")
    void keepsToOneRouter(@TempDir Path folder) throws Exception {
        try (ShardedCluster cluster = ShardedCluster.start();
                Relay first = new Relay(port(cluster));
                Relay second = new Relay(port(cluster))) {
            // At random, a client that keeps to no server would ask one only in one of 30 checks.
            for (int check = 0; check < 3; check++) {
                first.seen.clear();
                second.seen.clear();
                assertThat(check(folder, first.port(), second.port()))
                        .anyMatch(
                                each ->
                                        each.what().startsWith("MongoDB change stream")
                                                && each.mark() == Mark.OK);
                assertThat(List.of(first.seen, second.seen))
                        .containsExactlyInAnyOrder(
                                Set.of(), Set.of("buildInfo", "aggregate", "killCursors"));
            }
        }
    }

    private static int port(ShardedCluster cluster) {
        return URI.create(cluster.uri()).getPort();
    }

    private static List<Finding> check(Path folder, int... routers) throws InterruptedException {
        var found = new ArrayList<Finding>();
        var settings =
                Configuration.load(
                        WatcherSettings.class,
                        null,
                        Map.of(
                                "WATCHER_MONGODB_URI",
                                "mongodb://127.0.0.1:%d,127.0.0.1:%d/"
                                        .formatted(routers[0], routers[1]),
                                "WATCHER_SCOPE_INCLUDE",
                                "pinned.*",
                                "WATCHER_KAFKA_BOOTSTRAP_SERVERS",
                                "127.0.0.1:1", // which refuses at once
                                "WATCHER_CHECKPOINT_FILE_PATH",
                                folder.resolve("checkpoint").toString(),
                                "WATCHER_HTTP_PORT",
                                "0"));
        new Doctor(new Findings(found::add), Duration.ofSeconds(5)).examine(settings);
        return found;
    }

    /** Passes connections on to a router, and notes the commands that it is asked. */
    private static final class Relay implements AutoCloseable {
        final Set<String> seen = ConcurrentHashMap.newKeySet();
        private final ServerSocket listener = new ServerSocket(0, 50, loopback());
        private final Set<Socket> open = ConcurrentHashMap.newKeySet();
        private final int target;

        Relay(int target) throws IOException {
            this.target = target;
            Thread.ofVirtual().start(this::accept);
        }

        private static InetAddress loopback() {
            return InetAddress.getLoopbackAddress();
        }

        int port() {
            return listener.getLocalPort();
        }

        private void accept() {
            try {
                while (true) {
                    Socket client = listener.accept();
                    Socket router = new Socket(loopback(), target);
                    open.add(client);
                    open.add(router);
                    Thread.ofVirtual().start(() -> pass(client, router, true));
                    Thread.ofVirtual().start(() -> pass(router, client, false));
                }
            } catch (IOException closed) {
                // The test is over.
            }
        }

        /** A command comes in one piece: it is far smaller than a segment of the loopback. */
        private void pass(Socket from, Socket to, boolean noted) {
            try (from;
                    to) {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                byte[] buffer = new byte[1 << 16];
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    if (noted) {
                        note(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
                    }
                    out.write(buffer, 0, read);
                }
            } catch (IOException closed) {
                // One side hung up.
            }
        }

        private void note(String message) {
            for (String command : List.of("buildInfo", "aggregate", "killCursors")) {
                if (message.contains(command + "\0")) {
                    seen.add(command);
                }
            }
        }

        @Override
        public void close() throws IOException {
            listener.close();
            for (Socket each : open) {
                each.close();
            }
        }
    }
}
