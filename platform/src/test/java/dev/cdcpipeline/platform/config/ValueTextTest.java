package dev.cdcpipeline.platform.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cdcpipeline.testkit.Gen;
import dev.cdcpipeline.testkit.Property;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

class ValueTextTest {

    @Test
    @DisplayName("11.2 Property 23: a duration reads back from its text")
    void durationsReadBack() {
        Property.forAll(
                Gen.longs(0, 999_999_999_999L).map(Duration::ofMillis),
                duration ->
                        assertThat(DurationText.parse(DurationText.of(duration)))
                                .isEqualTo(duration));
    }

    @Test
    @DisplayName("11.2 Property 23: a size reads back from its text")
    void sizesReadBack() {
        Property.forAll(
                Gen.longs(0, 999_999_999_999_999_999L).map(ByteSize::new),
                size -> assertThat(ByteSize.parse(size.toString())).isEqualTo(size));
    }

    @ParameterizedTest
    @CsvSource({"512,512", "64KiB,65536", "64 kb,65536", "1m,1048576", "2GiB,2147483648", "0,0"})
    void readsSizes(String text, long bytes) {
        assertThat(ByteSize.parse(text).bytes()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "1.5MiB", "MiB", "1TiB", "9999999999GiB", "1 2"})
    void refusesWhatIsNoSize(String text) {
        assertThatThrownBy(() -> ByteSize.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "-1s", "1.5s", "s", "1w", "P", "-PT1S", "1s garbage"})
    void refusesWhatIsNoDuration(String text) {
        assertThatThrownBy(() -> DurationText.parse(text)).isInstanceOf(RuntimeException.class);
    }

    @Test
    void refusesMappingTypesThatItCannotRead() {
        assertThatThrownBy(() -> Schema.of(Duration.class)).hasMessageContaining("needs @Prefix");
        assertThatThrownBy(() -> Schema.of(OddType.class))
                .hasMessageContaining("options cannot be of type java.lang.StringBuilder");
        assertThatThrownBy(() -> Schema.of(OptionalGroup.class))
                .hasMessageContaining("options cannot be of type");
    }

    @Test
    void describesEveryOption() {
        var schema = Schema.of(SampleSettings.class);

        assertThat(schema.prefix()).isEqualTo("watcher");
        assertThat(schema.options()).extracting(Option::key).doesNotHaveDuplicates();
        var include = schema.find("watcher.include").orElseThrow();
        assertThat(include.required()).isTrue();
        assertThat(include.description()).isEqualTo("What to read.");
        var port = schema.find("watcher.http.port").orElseThrow();
        assertThat(port.environmentName()).isEqualTo("WATCHER_HTTP_PORT");
        assertThat(port.defaultValue()).isEqualTo("8081");
        assertThat(port.allowed()).isEqualTo("a whole number, from 0 to 65535");
        assertThat(port.description()).startsWith("Port of /metrics");
        assertThat(schema.find("watcher.password").orElseThrow().secret()).isTrue();
        assertThat(schema.find("watcher.summary")).isEmpty();
    }

    @Prefix("odd")
    record OddType(List<StringBuilder> builders) {}

    @Prefix("odd")
    record OptionalGroup(Optional<HttpSettings> http) {}
}
