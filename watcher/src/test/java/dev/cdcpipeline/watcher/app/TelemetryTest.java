package dev.cdcpipeline.watcher.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.model.Position;
import dev.cdcpipeline.model.ResumeToken;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TelemetryTest {
    @ParameterizedTest(name = "case W10: {1} of {0}")
    @CsvSource({
        "8265A0B1C2000000012B042C0100296E5A1004AB463C5F6964003C63616E617279000004,"
                + " 8265A0B1C200000001",
        "8265A0B1C2000000012B0229296E04, 8265A0B1C200000001",
        "8265A0B1C200000001, 8265A0B1C200000001",
        "0163616E61727963616E617279, ***"
    })
    @DisplayName(
            "case W10: the log says when an event was, and never its token, which holds its _id")
    void saysTheTimeOfAToken(String token, String told) {
        assertThat(Telemetry.timeOfToken(new Position(1, ResumeToken.ofHex(token))))
                .isEqualTo(told);
    }
}
