package dev.cdcpipeline.kafka;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.net.UnknownHostException;

class BootstrapServersTest {

    @Test
    @DisplayName("7.5: one broker whose name has an address is enough to start from")
    void oneAddressIsEnough() {
        assertThatCode(new BootstrapServers("127.0.0.1:9092")::requireAddress)
                .doesNotThrowAnyException();
        assertThatCode(
                        new BootstrapServers(" no-such-host.invalid:1 ,localhost:9092 ")
                                ::requireAddress)
                .doesNotThrowAnyException();
    }

    @Test
    @DisplayName("7.5: names without an address are told of")
    void namesTheHostsWithoutAnAddress() {
        assertThatThrownBy(
                        new BootstrapServers("no-such-host.invalid:1, nor-this.invalid:2")
                                ::requireAddress)
                .isInstanceOf(UnknownHostException.class)
                .hasMessage(
                        "no address is known for no-such-host.invalid, nor-this.invalid (bootstrap-servers)");
    }
}
