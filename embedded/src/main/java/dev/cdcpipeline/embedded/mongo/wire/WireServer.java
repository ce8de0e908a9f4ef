package dev.cdcpipeline.embedded.mongo.wire;

import dev.cdcpipeline.embedded.LoopbackPort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ServerSocketFactory;

/**
 * Listens on a loopback port and serves each connection on a virtual thread of its own, so that an
 * awaiting {@code getMore} holds up nobody else. Thread-safe.
 */
public final class WireServer implements AutoCloseable {

    private final ServerSocket listener;
    private final RequestHandler handler;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connectionIds = new AtomicInteger();
    private final Thread acceptor;

    private WireServer(ServerSocket listener, RequestHandler handler) {
        this.listener = listener;
        this.handler = handler;
        this.acceptor =
                Thread.ofPlatform()
                        .daemon()
                        .name("mongo-accept-" + listener.getLocalPort())
                        .unstarted(this::accept);
    }

    /**
     * Listens.
     *
     * @param port the port, 0 for a free one
     * @throws UncheckedIOException when the port cannot be had
     */
    public static WireServer listen(int port, RequestHandler handler) {
        return listen(port, ServerSocketFactory.getDefault(), handler);
    }

    /**
     * Listens on a socket of a factory, for example one with TLS.
     *
     * @param port the port, 0 for a free one
     * @throws UncheckedIOException when the port cannot be had
     */
    public static WireServer listen(int port, ServerSocketFactory sockets, RequestHandler handler) {
        try {
            WireServer server = new WireServer(bound(port, sockets), handler);
            server.acceptor.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot listen on loopback port " + port, e);
        }
    }

    private static ServerSocket bound(int port, ServerSocketFactory sockets) throws IOException {
        while (true) {
            int chosen = port == 0 ? LoopbackPort.free() : port;
            ServerSocket listener = sockets.createServerSocket();
            try {
                listener.setReuseAddress(true);
                listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), chosen), 128);
                return listener;
            } catch (IOException e) {
                listener.close();
                if (port != 0 || !(e instanceof BindException)) {
                    throw e;
                }
                // Another process took it since it was found free: the next one.
            }
        }
    }

    public int port() {
        return listener.getLocalPort();
    }

    public int connectionCount() {
        return connections.size();
    }

    /** Cuts every connection; clients may come back at once. */
    public void dropConnections() {
        connections.forEach(Connection::close);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                socket.setTcpNoDelay(true);
                Connection connection = new Connection(connectionIds.incrementAndGet(), socket);
                connections.add(connection);
                Thread.ofVirtual()
                        .name("mongo-connection-" + connection.id())
                        .start(() -> serve(connection));
            } catch (IOException _) {
                // Either the listener is closed, which ends the loop, or a client left before it
                // was served.
            }
        }
    }

    private void serve(Connection connection) {
        try {
            connection.serve(handler);
        } finally {
            connections.remove(connection);
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot close port " + port(), e);
        } finally {
            awaitAcceptor();
            dropConnections(); // with the one that was accepted last, or its client would wait
        }
    }

    /** The port is free once the thread has left {@code accept}: the kernel holds it until then. */
    private void awaitAcceptor() {
        try {
            acceptor.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
