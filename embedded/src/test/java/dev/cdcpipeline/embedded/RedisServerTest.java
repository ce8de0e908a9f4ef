package dev.cdcpipeline.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisException;

class RedisServerTest {

    @Test
    void keepsItsDataAndItsPortWhenRestarted() {
        try (var server = RedisServer.start()) {
            set(server, "key", "value");
            int port = server.port();

            server.stop();
            assertThatThrownBy(() -> get(server, "key")).isInstanceOf(JedisException.class);
            server.restart();

            assertThat(server.port()).isEqualTo(port);
            assertThat(get(server, "key")).isEqualTo("value");
        }
    }

    @Test
    void keepsWhatItConfirmedWhenItIsKilled() {
        try (var server = RedisServer.start()) {
            set(server, "key", "value");

            server.stopImmediately();
            server.restart();

            assertThat(get(server, "key")).isEqualTo("value");
        }
    }

    @Test
    void losesItsDataWhenRestartedEmpty() {
        try (var server = RedisServer.start()) {
            set(server, "key", "value");

            server.restartEmpty();

            assertThat(get(server, "key")).isNull();
        }
    }

    @Test
    void asksForThePassword() {
        try (var server = RedisServer.start("secret");
                var stranger = RedisClient.create(server.host(), server.port())) {
            set(server, "key", "value");

            assertThat(get(server, "key")).isEqualTo("value");
            assertThatThrownBy(() -> stranger.get("key")).isInstanceOf(JedisException.class);
        }
    }

    private static void set(RedisServer server, String key, String value) {
        try (var client = RedisClient.create(server.url())) {
            client.set(key, value);
        }
    }

    private static String get(RedisServer server, String key) {
        try (var client = RedisClient.create(server.url())) {
            return client.get(key);
        }
    }
}
