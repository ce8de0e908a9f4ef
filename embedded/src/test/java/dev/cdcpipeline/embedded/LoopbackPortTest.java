package dev.cdcpipeline.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.util.stream.IntStream;

class LoopbackPortTest {

    @Test
    @DisplayName("Servers that start at the same time are told different ports")
    void givesNoPortTwice() {
        var ports =
                IntStream.range(0, 2_000).parallel().map(i -> LoopbackPort.free()).boxed().toList();

        assertThat(ports).doesNotHaveDuplicates();
    }
}
