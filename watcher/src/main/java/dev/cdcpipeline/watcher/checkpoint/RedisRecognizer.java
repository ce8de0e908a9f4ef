package dev.cdcpipeline.watcher.checkpoint;

import dev.cdcpipeline.platform.failure.Failure;
import dev.cdcpipeline.platform.failure.FailureTable;
import dev.cdcpipeline.platform.failure.Reaction;
import dev.cdcpipeline.platform.failure.Recognizer;

import org.jspecify.annotations.Nullable;

import redis.clients.jedis.exceptions.JedisClusterOperationException;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells what an exception of the Redis client stands for. The first word of an error reply is its
 * code; where a command within a script failed, servers before Redis 7 put the code of the command
 * behind words of their own.
 */
public final class RedisRecognizer implements Recognizer {
    /** {@code ERR Error running script (call to f_...): @user_script:7: -READONLY ...}. */
    private static final Pattern WITHIN_A_SCRIPT =
            Pattern.compile("ERR Error running script.*?: -([A-Z]+) .*", Pattern.DOTALL);

    /** Redis has no code for this one. */
    private static final String NO_CONNECTION_LEFT = "ERR max number of clients";

    @Override
    public @Nullable Failure recognize(Throwable thrown) {
        return switch (thrown) {
            case JedisConnectionException _, JedisClusterOperationException _ ->
                    new Failure.Network();
            case JedisDataException data -> new Failure.RedisError(code(data.getMessage()));
            default -> null;
        };
    }

    /** Returns whether the server says that it cannot serve now, but may later, or another may. */
    static boolean mayPass(JedisDataException reply) {
        return FailureTable.reaction(new Failure.RedisError(code(reply.getMessage())))
                == Reaction.RETRY;
    }

    /** The code of an error reply; empty if it has none. */
    static String code(@Nullable String message) {
        if (message == null) {
            return "";
        }
        if (message.startsWith(NO_CONNECTION_LEFT)) {
            return NO_CONNECTION_LEFT;
        }
        Matcher script = WITHIN_A_SCRIPT.matcher(message);
        if (script.matches()) {
            return String.valueOf(script.group(1));
        }
        int space = message.indexOf(' ');
        return space < 0 ? message : message.substring(0, space);
    }
}
