package dev.cdcpipeline.watcher.checkpoint;

import dev.cdcpipeline.platform.failure.Failure;
import dev.cdcpipeline.platform.failure.Recognizer;

import org.jspecify.annotations.Nullable;

import redis.clients.jedis.exceptions.JedisClusterOperationException;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * Tells what an exception of the Redis client stands for. The first word of an error reply is its
 * code.
 */
public final class RedisRecognizer implements Recognizer {
    @Override
    public @Nullable Failure recognize(Throwable thrown) {
        return switch (thrown) {
            case JedisConnectionException _, JedisClusterOperationException _ ->
                    new Failure.Network();
            case JedisDataException data -> new Failure.RedisError(code(data.getMessage()));
            default -> null;
        };
    }

    /** The code of an error reply; empty if it has none. */
    static String code(@Nullable String message) {
        if (message == null) {
            return "";
        }
        int space = message.indexOf(' ');
        return space < 0 ? message : message.substring(0, space);
    }
}
