package dev.cdcpipeline.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Finds free ports on the loopback interface.
 *
 * <p>They lie below the ranges from which operating systems take the source ports of outgoing
 * connections (32768 on Linux, 49152 elsewhere). So nobody takes the port of a stopped server
 * before its restart, not even a client that tries to reach it and would connect to itself.
 */
public final class LoopbackPort {

    private static final int LOWEST = 12_000;
    private static final int HIGHEST = 32_000;
    private static final int ATTEMPTS = 1_000;

    /** Servers that start at the same time must not be told the same port before they listen. */
    private static final AtomicInteger NEXT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(HIGHEST - LOWEST));

    private LoopbackPort() {}

    /** A port that nobody listens on now. None is given twice before all were; thread-safe. */
    public static int free() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = LOWEST + Math.floorMod(NEXT.getAndIncrement(), HIGHEST - LOWEST);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException(
                "No free port between %d and %d on the loopback interface."
                        .formatted(LOWEST, HIGHEST));
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
