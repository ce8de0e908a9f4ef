package dev.cdcpipeline.platform.logging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.cdcpipeline.platform.config.LogFormat;
import dev.cdcpipeline.platform.config.LogLevel;
import dev.cdcpipeline.platform.config.LogSettings;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** The logs of a process as they come out of it. */
@ResourceLock(Resources.SYSTEM_OUT)
class LoggingTest {
    private final PrintStream before = System.out;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @BeforeEach
    void capture() {
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void restore() {
        System.setOut(before);
        Logging.configure(settings(LogLevel.WARN, LogFormat.CONSOLE, Map.of()), "test");
    }

    @Test
    @DisplayName(
            "10.2 10.3 JSON: one object a line with time, level, service, component and context")
    void logsJson() throws Exception {
        Logging.configure(settings(LogLevel.INFO, LogFormat.JSON, Map.of()), "watcher");
        try (var _ = MDC.putCloseable("topic", "shop.orders")) {
            LoggerFactory.getLogger("dev.cdcpipeline.watcher.publish.Publisher")
                    .atInfo()
                    .addKeyValue("partition", 3)
                    .log("Published {}", 5);
        }

        var lines = lines();
        assertThat(lines).hasSize(1);
        JsonNode json = new ObjectMapper().readTree(lines.getFirst());
        assertThat(json.get("time").textValue()).matches("\\d{4}-\\d\\d-\\d\\dT.*Z");
        assertThat(json.get("level").textValue()).isEqualTo("INFO");
        assertThat(json.get("service").textValue()).isEqualTo("watcher");
        assertThat(json.get("component").textValue()).isEqualTo("publish");
        assertThat(json.get("message").textValue()).isEqualTo("Published 5");
        assertThat(json.get("topic").textValue()).isEqualTo("shop.orders");
        assertThat(json.get("partition").textValue()).isEqualTo("3");
    }

    @Test
    @DisplayName("10.2 What a library logs by java.util.logging has the same form and level")
    void bridgesJavaLogging() throws Exception {
        Logging.configure(settings(LogLevel.INFO, LogFormat.JSON, Map.of()), "syncer");
        var driver = java.util.logging.Logger.getLogger("org.postgresql.Driver");
        driver.warning("Connection refused");
        driver.info("narrates");

        JsonNode json = new ObjectMapper().readTree(String.join("", lines()));
        assertThat(json.get("message").textValue()).isEqualTo("Connection refused");
        assertThat(json.get("level").textValue()).isEqualTo("WARN");
        assertThat(json.get("component").textValue()).isEqualTo("org.postgresql.Driver");
        assertThat(driver.isLoggable(java.util.logging.Level.INFO)).isFalse();
    }

    @Test
    void saysNothingWhenSilenced() {
        Logging.silence();
        LoggerFactory.getLogger("org.apache.kafka.clients.NetworkClient").error("cannot connect");
        java.util.logging.Logger.getLogger("org.postgresql.Driver").severe("cannot connect");

        assertThat(out.size()).isZero();
    }

    @Test
    @DisplayName("10.2 Console: a line for people with the same facts")
    void logsForPeople() {
        Logging.configure(settings(LogLevel.INFO, LogFormat.CONSOLE, Map.of()), "syncer");
        LoggerFactory.getLogger("dev.cdcpipeline.syncer.write.Writer")
                .atWarn()
                .addKeyValue("table", "orders")
                .log("Slow");

        assertThat(lines())
                .singleElement()
                .asString()
                .matches(
                        "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3}[+-]\\d\\d:\\d\\d WARN "
                                + " syncer/write \\[.*] Slow table=orders");
    }

    @Test
    @DisplayName("10.4 The level is the configured one; libraries keep to warnings")
    void logsAtTheConfiguredLevel() {
        Logging.configure(
                settings(
                        LogLevel.DEBUG,
                        LogFormat.CONSOLE,
                        Map.of("com.zaxxer.hikari.pool", LogLevel.INFO)),
                "syncer");
        LoggerFactory.getLogger("dev.cdcpipeline.x.Y").debug("own debug");
        LoggerFactory.getLogger("dev.cdcpipeline.x.Y").trace("own trace");
        LoggerFactory.getLogger("org.apache.kafka.clients.Metadata").info("library info");
        LoggerFactory.getLogger("org.mongodb.driver.cluster").warn("library warning");
        LoggerFactory.getLogger("com.zaxxer.hikari.pool.HikariPool").info("chosen info");

        assertThat(String.join("\n", lines()))
                .contains("own debug", "library warning", "chosen info")
                .doesNotContain("own trace", "library info");
    }

    private List<String> lines() {
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private static LogSettings settings(
            LogLevel level, LogFormat format, Map<String, LogLevel> levels) {
        return new LogSettings(level, format, levels);
    }
}
