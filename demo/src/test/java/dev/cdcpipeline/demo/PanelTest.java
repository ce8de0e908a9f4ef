package dev.cdcpipeline.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

class PanelTest {

    private static final Progress EARLY =
            progress(
                    Duration.ofSeconds(1),
                    0,
                    0,
                    Lag.NONE,
                    Map.of("shop.customers", 0L, "shop.orders", 0L));

    @Test
    void fitsATerminalOfEightyColumns() {
        Map<String, Long> rows = new LinkedHashMap<>();
        rows.put("shop.customers", 12_345_678L);
        rows.put("shop.orders", 98_765_432L);
        var lag = new Lag(500, 123_456, 654_321);
        var huge = progress(Duration.ofMinutes(99), 999_999_999, 1_000_000_000, lag, rows);

        assertThat(new Panel(false).lines(huge))
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(Panel.WIDTH));
    }

    @Test
    void hasTheSameNumberOfLinesAtAllTimes() {
        var late =
                progress(
                        Duration.ofSeconds(9),
                        500,
                        1_000,
                        new Lag(3, 1.5, 20),
                        Map.of("shop.orders", 5L));

        assertThat(new Panel(true).lines(late)).hasSameSizeAs(new Panel(true).lines(EARLY));
    }

    @Test
    void showsCountsRatesAndShares() {
        var half =
                progress(
                        Duration.ofSeconds(75),
                        25_000,
                        50_000,
                        new Lag(10, 4.26, 187),
                        Map.of("shop.orders", 7_001L));

        String panel = String.join("\n", new Panel(false).lines(half));

        assertThat(panel)
                .contains("01:15")
                .contains("written       25,000", "  50 %")
                .contains("4.3 ms p50", "187 ms p99")
                .contains("7,001 shop.orders");
    }

    @Test
    void saysTheSameInOnePlainLine() {
        var half =
                progress(
                        Duration.ofSeconds(75),
                        25_000,
                        50_000,
                        new Lag(10, 4.26, 187),
                        Map.of("shop.orders", 7_001L));

        assertThat(new Panel(false).line(half))
                .isEqualTo(
                        "  75 s  written 25,000  captured 25,000  published 25,000  applied 25,000"
                                + "  1,234/s  lag p50 4.3 p99 187 ms  rows 7,001");
    }

    @Test
    void redrawsInPlaceAndGivesTheCursorBack() {
        var bytes = new ByteArrayOutputStream();
        try (var terminal =
                new Display.Terminal(new PrintStream(bytes, true, StandardCharsets.UTF_8), false)) {
            terminal.show(EARLY);
            terminal.show(EARLY);
            terminal.say("a sentence");
        }

        String written = bytes.toString(StandardCharsets.UTF_8);
        int lines = new Panel(false).lines(EARLY).size();
        assertThat(written)
                .contains("\033[" + lines + "A\r")
                .contains("\033[" + lines + "A\ra sentence\033[K\n")
                .doesNotContain("\033[2J")
                .endsWith("\033[?25h");
    }

    private static Progress progress(
            Duration elapsed, long done, long planned, Lag lag, Map<String, Long> rows) {
        return new Progress(
                elapsed,
                planned,
                done,
                done,
                done,
                done,
                1_234,
                lag,
                rows,
                List.of("watcher 1234567", "syncer 1234568"));
    }
}
