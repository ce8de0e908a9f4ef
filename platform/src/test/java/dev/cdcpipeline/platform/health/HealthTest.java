package dev.cdcpipeline.platform.health;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;

class HealthTest {
    private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");

    private long nanos = 0;
    private final Health health = new Health(() -> START.plusNanos(nanos), () -> nanos);

    @Test
    @DisplayName("14.2 Not ready while a component starts or is down")
    void isReadyOnlyWhenEveryComponentIsUp() {
        assertThat(health.report().ready()).isFalse();
        var mongodb = health.component("mongodb");
        var kafka = health.component("kafka");
        mongodb.up();
        assertThat(health.report().ready()).isFalse();
        kafka.up();
        assertThat(health.report().ready()).isTrue();

        kafka.down("no broker answers");

        assertThat(health.report().ready()).isFalse();
        assertThat(health.report().live()).isTrue();
    }

    @Test
    @DisplayName("14.2 Says since when a component is as it is; a new reason does not change that")
    void remembersSinceWhen() {
        var mongodb = health.component("mongodb");
        pass(Duration.ofSeconds(5));
        mongodb.down("connection refused");
        pass(Duration.ofSeconds(5));
        mongodb.down("no primary");

        var status = health.report().components().getFirst();

        assertThat(status.since()).isEqualTo(START.plusSeconds(5));
        assertThat(status.reason()).isEqualTo("no primary");
        mongodb.up();
        assertThat(health.report().components().getFirst().since())
                .isEqualTo(START.plusSeconds(10));
        assertThat(health.report().components().getFirst().reason()).isNull();
    }

    @Test
    @DisplayName(
            "14.2 cases C4, W5: a component that waits too long for an answer is down, and live, until it has one")
    void tellsOfAnAnswerThatDoesNotCome() {
        var mongodb = health.component("mongodb");
        mongodb.up();
        mongodb.asks("it was asked by find", Duration.ofSeconds(30));
        pass(Duration.ofSeconds(30));
        assertThat(health.report().ready()).isTrue();

        pass(Duration.ofSeconds(1));

        var status = health.report().components().getFirst();
        assertThat(status.state()).isEqualTo(State.DOWN);
        assertThat(status.since()).isEqualTo(START);
        assertThat(status.reason()).isEqualTo("no answer for 31 s: it was asked by find");
        assertThat(health.report().live()).isTrue();
        assertThat(mongodb.waitsFor()).isEqualTo(Duration.ofSeconds(31));
        mongodb.answered();
        assertThat(health.report().ready()).isTrue();
        assertThat(mongodb.waitsFor()).isZero();
    }

    @Test
    @DisplayName("14.2 A loop that makes no turn within its deadline is not live")
    void watchdogFindsAStuckLoop() {
        var loop = health.heartbeat("poll", Duration.ofSeconds(10));
        pass(Duration.ofHours(1));
        assertThat(health.report().live()).as("before its first turn").isTrue();
        loop.beat();
        pass(Duration.ofSeconds(10));
        assertThat(health.report().live()).isTrue();

        pass(Duration.ofMillis(1));

        assertThat(health.report().live()).isFalse();
        assertThat(health.report().ready()).isFalse();
        loop.beat();
        assertThat(health.report().live()).isTrue();
    }

    @Test
    @DisplayName("14.1 Metrics tell whether the service is ready and live")
    void measuresItself() {
        var registry = new SimpleMeterRegistry();
        health.measure(registry);
        health.component("kafka").up();
        health.heartbeat("poll", Duration.ofSeconds(10)).beat();
        assertThat(registry.get("cdc.service.ready").gauge().value()).isOne();
        assertThat(registry.get("cdc.service.live").gauge().value()).isOne();

        pass(Duration.ofSeconds(11));

        assertThat(registry.get("cdc.service.ready").gauge().value()).isZero();
        assertThat(registry.get("cdc.service.live").gauge().value()).isZero();
    }

    @Test
    void aLoopThatHasEndedIsNotWatched() {
        try (var loop = health.heartbeat("poll", Duration.ofSeconds(10))) {
            loop.beat();
        }
        pass(Duration.ofHours(1));

        assertThat(health.report().live()).isTrue();
    }

    @Test
    @DisplayName("14.2 The body says which part, since when and why, and no credential")
    void saysItAsJson() throws Exception {
        health.component("postgres").down("cannot reach postgres://me:canary@host");
        health.component("kafka").up();
        health.heartbeat("poll", Duration.ofSeconds(10)).beat();
        pass(Duration.ofSeconds(11));

        var json = new ObjectMapper().readTree(health.report().toJson());

        assertThat(json.get("ready").booleanValue()).isFalse();
        assertThat(json.get("live").booleanValue()).isFalse();
        assertThat(json.get("components").toString())
                .isEqualTo(
                        """
                        [{"name":"kafka","state":"up","since":"2026-11-22T10:00:00Z","seconds":11},\
                        {"name":"postgres","state":"down","since":"2026-11-22T10:00:00Z","seconds":11,\
                        "reason":"cannot reach postgres://me:***@host"}]""");
        assertThat(json.get("loops").toString())
                .isEqualTo(
                        """
                        [{"name":"poll","state":"stuck","secondsSinceLastTurn":11,\
                        "deadlineSeconds":10,"reason":"%s"}]"""
                                .formatted(json.at("/loops/0/reason").textValue()));
        assertThat(json.at("/loops/0/reason").textValue())
                .startsWith("it is in java.lang.Thread.getStackTrace")
                .contains(", called from dev.cdcpipeline.");
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }
}
