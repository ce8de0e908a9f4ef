package dev.cdcpipeline.cli.doctor;

import dev.cdcpipeline.platform.config.HttpSettings;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Looks at the port that metrics and health are served on. */
final class PortDoctor {
    private PortDoctor() {}

    static void examine(HttpSettings http, String service, Findings findings) {
        String what = "HTTP port %s:%d".formatted(http.host(), http.port());
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(http.host(), http.port()));
            findings.ok(what, "free");
        } catch (IOException e) {
            findings.note(
                    what,
                    "cannot be listened on now: " + Reason.of(e),
                    "fine if this %s is running; else set %s.http.port"
                            .formatted(service, service));
        }
    }
}
