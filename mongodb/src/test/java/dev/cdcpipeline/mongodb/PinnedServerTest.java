package dev.cdcpipeline.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.ServerAddress;
import com.mongodb.connection.ClusterConnectionMode;
import com.mongodb.connection.ClusterDescription;
import com.mongodb.connection.ClusterType;
import com.mongodb.connection.ServerConnectionState;
import com.mongodb.connection.ServerDescription;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.util.List;

class PinnedServerTest {
    private final PinnedServer selector = new PinnedServer();

    private static ServerDescription router(String host, boolean up) {
        return ServerDescription.builder()
                .address(new ServerAddress(host))
                .ok(up)
                .state(up ? ServerConnectionState.CONNECTED : ServerConnectionState.CONNECTING)
                .build();
    }

    private List<String> selected(ServerDescription... servers) {
        return selector
                .select(
                        new ClusterDescription(
                                ClusterConnectionMode.MULTIPLE,
                                ClusterType.SHARDED,
                                List.of(servers)))
                .stream()
                .map(server -> server.getAddress().getHost())
                .toList();
    }

    @Test
    @DisplayName("1.4: a cursor's commands go to the router that has it, as long as that is there")
    void staysAtOneServerWhileItIsThere() {
        assertThat(selected(router("a", false))).isEmpty();
        assertThat(selected(router("a", false), router("b", true))).containsExactly("b");
        assertThat(selected(router("a", true), router("b", true))).containsExactly("b");
        assertThat(selected(router("a", true), router("b", false))).containsExactly("a");
        assertThat(selected(router("b", true), router("a", true))).containsExactly("a");
    }
}
