package dev.cdcpipeline.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

/**
 * A line to a server that can go dead without being cut, as behind a firewall that forgets its
 * connections: no byte gets through, and no end tells of it.
 */
public final class Line implements AutoCloseable {
    private final ServerSocket entry;
    private volatile int server;
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private volatile CountDownLatch open = new CountDownLatch(0);

    /** A line to a port of this machine. */
    public Line(int server) throws IOException {
        this.server = server;
        this.entry = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    /** Where the line begins. */
    public int port() {
        return entry.getLocalPort();
    }

    /** Leads new connections to another port, as a name does after a fail-over; old ones stay. */
    public void leadTo(int port) {
        server = port;
    }

    /** Holds every byte back from now on. */
    public void goDead() {
        open = new CountDownLatch(1);
    }

    /** Lets the bytes through that were held back, and all that follow. */
    public void revive() {
        open.countDown();
    }

    private void accept() {
        try {
            while (true) {
                var client = own(entry.accept());
                var target = own(new Socket(InetAddress.getLoopbackAddress(), server));
                Thread.ofVirtual().start(() -> copy(client, target));
                Thread.ofVirtual().start(() -> copy(target, client));
            }
        } catch (IOException closed) {
            // The line is taken down.
        }
    }

    private Socket own(Socket socket) {
        sockets.add(socket);
        return socket;
    }

    private void copy(Socket from, Socket to) {
        var bytes = new byte[8192];
        try (from;
                to) {
            for (int count = from.getInputStream().read(bytes);
                    count >= 0;
                    count = from.getInputStream().read(bytes)) {
                open.await();
                to.getOutputStream().write(bytes, 0, count);
            }
        } catch (IOException closed) {
            // One end has gone; closing tells the other one.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        revive();
        entry.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
