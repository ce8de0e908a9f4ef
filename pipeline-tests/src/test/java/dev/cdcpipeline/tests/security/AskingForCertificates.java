package dev.cdcpipeline.tests.security;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLServerSocketFactory;

/** Server sockets that take a client's certificate, and let clients in without one. */
final class AskingForCertificates extends SSLServerSocketFactory {
    private final SSLServerSocketFactory sockets;

    AskingForCertificates(SSLServerSocketFactory sockets) {
        this.sockets = sockets;
    }

    private static ServerSocket asking(ServerSocket socket) {
        ((SSLServerSocket) socket).setWantClientAuth(true);
        return socket;
    }

    @Override
    public ServerSocket createServerSocket() throws IOException {
        return asking(sockets.createServerSocket());
    }

    @Override
    public ServerSocket createServerSocket(int port) throws IOException {
        return asking(sockets.createServerSocket(port));
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog) throws IOException {
        return asking(sockets.createServerSocket(port, backlog));
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog, InetAddress address)
            throws IOException {
        return asking(sockets.createServerSocket(port, backlog, address));
    }

    @Override
    public String[] getDefaultCipherSuites() {
        return sockets.getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return sockets.getSupportedCipherSuites();
    }
}
