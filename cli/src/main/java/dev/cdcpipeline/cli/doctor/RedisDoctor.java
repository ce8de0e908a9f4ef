package dev.cdcpipeline.cli.doctor;

import dev.cdcpipeline.platform.failure.Causes;
import dev.cdcpipeline.platform.failure.ErrorEntry;
import dev.cdcpipeline.platform.failure.Explainer;
import dev.cdcpipeline.platform.secret.Secret;
import dev.cdcpipeline.platform.tls.TlsContext;
import dev.cdcpipeline.watcher.app.WatcherSettings;
import dev.cdcpipeline.watcher.checkpoint.RedisAddress;
import dev.cdcpipeline.watcher.checkpoint.RedisErrors;

import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisAccessControlException;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;

import java.util.List;
import java.util.Objects;

/** Looks at Redis as a Watcher needs it for its checkpoint: it answers, and scripts may run. */
final class RedisDoctor {
    /** All that the Watcher's scripts do, on keys that nobody uses, and removed again. */
    private static final String EVERYTHING =
            """
            redis.call('HGET', KEYS[1], 'fence')
            redis.call('HSET', KEYS[1], 'fence', '1')
            redis.call('GET', KEYS[2])
            redis.call('SET', KEYS[2], '1', 'PX', '1000')
            redis.call('TIME')
            redis.call('DEL', KEYS[1], KEYS[2])
            return 'ok'
            """;

    private final WatcherSettings settings;
    private final Explainer explainer;
    private final Findings findings;

    RedisDoctor(WatcherSettings settings, Explainer explainer, Findings findings) {
        this.explainer = explainer;
        this.settings = settings;
        this.findings = findings;
    }

    void examine() {
        String url = settings.checkpoint().redis().url().map(Secret::reveal).orElse("");
        RedisAddress address;
        try {
            address = RedisAddress.parse(url);
        } catch (IllegalArgumentException e) {
            findings.wrong(
                    "Redis",
                    "watcher.checkpoint.redis.url is not an address",
                    "write it as " + e.getMessage());
            return;
        }
        var tls =
                TlsContext.of("watcher.checkpoint.redis.tls", settings.checkpoint().redis().tls());
        try (UnifiedJedis redis = address.connect(tls)) {
            examine(redis, address);
        } catch (JedisException e) {
            failed(e, address);
        }
    }

    private void examine(UnifiedJedis redis, RedisAddress address) {
        String answer = redis.ping();
        findings.ok("Redis", address.places() + " says " + answer);
        String begin = "cdc:{" + settings.id() + "}:check";
        var _ = redis.eval(EVERYTHING, List.of(begin, begin + "2"), List.of());
        findings.ok("Redis rights", "the checkpoint and the lease may be written");
        durability(redis);
    }

    private void durability(UnifiedJedis redis) {
        String info;
        try {
            info = redis.info("persistence") + redis.info("memory");
        } catch (JedisAccessControlException notAllowed) {
            return;
        }
        if (info.contains("aof_enabled:0")) {
            findings.note(
                    "Redis durability",
                    "no append-only file: after a crash the checkpoint may be gone or old",
                    "redis-cli CONFIG SET appendonly yes");
        }
        if (info.contains("maxmemory_policy:allkeys")) {
            findings.note(
                    "Redis eviction",
                    "under memory pressure the checkpoint may be evicted",
                    "redis-cli CONFIG SET maxmemory-policy noeviction");
        }
    }

    private void failed(JedisException e, RedisAddress address) {
        String what = about(e);
        explainer
                .on(e)
                .ifPresentOrElse(
                        found -> findings.wrong(what, found),
                        () -> findings.wrong(what, says(e, address), mend(e)));
    }

    /** A login may be refused while the connection is made: then it is a cause. */
    private static String about(JedisException e) {
        var catalogue = new RedisErrors();
        return Causes.of(e).stream()
                .map(catalogue::entry)
                .filter(Objects::nonNull)
                .map(ErrorEntry::code)
                .findFirst()
                .map(
                        code ->
                                switch (code) {
                                    case "WRONGPASS", "NOAUTH" -> "Redis login";
                                    case "NOPERM" -> "Redis rights";
                                    default -> "Redis";
                                })
                .orElse("Redis");
    }

    private static String says(JedisException e, RedisAddress address) {
        return e instanceof JedisConnectionException
                ? "%s does not answer: %s".formatted(address.places(), Reason.of(e))
                : Reason.of(e);
    }

    private static String mend(JedisException e) {
        return e instanceof JedisConnectionException
                ? "check host, port, firewall, and rediss:// for TLS"
                : "see watcher.checkpoint.redis";
    }
}
