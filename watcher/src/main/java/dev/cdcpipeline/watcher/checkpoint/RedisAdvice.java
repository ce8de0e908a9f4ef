package dev.cdcpipeline.watcher.checkpoint;

import dev.cdcpipeline.platform.failure.TlsProblem;

import org.jspecify.annotations.Nullable;

import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

import java.util.Optional;

/** Says to an operator what a refusal of Redis means and what to do about it, by its code. */
public final class RedisAdvice {
    private static final String URL = "watcher.checkpoint.redis.url";
    private static final String TLS = "watcher.checkpoint.redis.tls.";

    private RedisAdvice() {}

    /** A sentence or a few; empty when the error says it all, or is not of Redis. */
    public static Optional<String> on(Throwable thrown) {
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            if (each instanceof JedisException error) {
                return Optional.ofNullable(on(error));
            }
        }
        return Optional.empty();
    }

    private static @Nullable String on(JedisException error) {
        Optional<TlsProblem> tls = TlsProblem.of(error);
        if (tls.isPresent()) {
            return tls.get().sentence(error, "Redis", TLS + "ca", TLS + "certificate and key", URL);
        }
        for (Throwable each = error; each != null; each = each.getCause()) {
            if (each instanceof JedisDataException reply) {
                return onReply(RedisRecognizer.code(reply.getMessage()));
            }
        }
        return null;
    }

    private static @Nullable String onReply(String code) {
        return switch (code) {
            case "WRONGPASS" ->
                    "Redis does not accept the user or the password of "
                            + URL
                            + ": check both (redis://user:password@host:port), and ACL LIST on the server";
            case "NOAUTH" ->
                    "Redis asks for a password: give it in "
                            + URL
                            + ", as redis://user:password@host:port or redis://:password@host:port";
            case "NOPERM" ->
                    "The Redis user lacks a right: it needs ACL SETUSER <user> on '>password' '~cdc:*' +@connection +@read"
                            + " +@write +@scripting +time";
            default -> null;
        };
    }
}
