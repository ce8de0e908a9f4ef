package dev.cdcpipeline.embedded.mongo.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;

import javax.net.ServerSocketFactory;

class WireServerTest {

    @Test
    @DisplayName("A free port that another process takes first is passed over for another one")
    void aPortTakenMeanwhileIsPassedOver() throws Exception {
        var factory = new Overtaken();

        try (var server = WireServer.listen(0, factory, (_, _) -> null)) {
            assertThat(factory.taken).hasSize(1);
            assertThat(server.port()).isNotEqualTo(factory.taken.getFirst().getLocalPort());
        }
        factory.taken.getFirst().close();
    }

    @Test
    @DisplayName("A port that was asked for and is taken is an error that names it")
    void aTakenPortIsAnError() throws Exception {
        try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = other.getLocalPort();
            assertThatThrownBy(
                            () ->
                                    WireServer.listen(
                                            port, ServerSocketFactory.getDefault(), (_, _) -> null))
                    .hasMessageContaining(String.valueOf(port));
        }
    }

    /** Another process takes the first port just before it is bound. */
    private static final class Overtaken extends ServerSocketFactory {
        private final List<ServerSocket> taken = new ArrayList<>();

        @Override
        public ServerSocket createServerSocket() throws IOException {
            return new ServerSocket() {
                @Override
                public void bind(SocketAddress address, int backlog) throws IOException {
                    if (taken.isEmpty()) {
                        var other = new ServerSocket();
                        other.bind(address);
                        taken.add(other);
                    }
                    super.bind(address, backlog);
                }
            };
        }

        @Override
        public ServerSocket createServerSocket(int port) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ServerSocket createServerSocket(int port, int backlog) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ServerSocket createServerSocket(int port, int backlog, InetAddress address) {
            throw new UnsupportedOperationException();
        }
    }
}
