package dev.cdcpipeline.watcher.checkpoint;

import static dev.cdcpipeline.platform.failure.ErrorEntry.retry;
import static dev.cdcpipeline.platform.failure.ErrorEntry.stop;

import dev.cdcpipeline.platform.failure.ErrorCatalogue;
import dev.cdcpipeline.platform.failure.ErrorEntry;
import dev.cdcpipeline.platform.failure.Failure;
import dev.cdcpipeline.platform.failure.Reaction;

import org.jspecify.annotations.Nullable;

import redis.clients.jedis.exceptions.JedisClusterOperationException;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The errors of Redis, by the code of its error replies: their first word. Where a command within a
 * script failed, servers before Redis 7 put the code of the command behind words of their own.
 *
 * <p>Placeholders that a service has to know: {@code redis}, the prefix of its options, and {@code
 * redisUser}, the user that it logs in as.
 */
public final class RedisErrors implements ErrorCatalogue {
    /** {@code ERR Error running script (call to f_...): @user_script:7: -READONLY ...}. */
    private static final Pattern WITHIN_A_SCRIPT =
            Pattern.compile("ERR Error running script.*?: -([A-Z]+) .*", Pattern.DOTALL);

    /** Redis has no codes for these two. */
    private static final String NO_CONNECTION_LEFT = "ERR max number of clients";

    private static final String NOT_PERMITTED_IN_A_SCRIPT = "ERR ACL failure in script";

    private static final List<ErrorEntry> ENTRIES =
            List.of(
                    retry("ASK", "a slot is moving to another node"),
                    retry("BUSY", "a script is running"),
                    retry("CLUSTERDOWN", "the cluster is down"),
                    retry("LOADING", "it is reading its data set"),
                    retry("MASTERDOWN", "the link to the master is down"),
                    retry("MISCONF", "it cannot write to its disk"),
                    retry("MOVED", "the key is at another node: redis-cluster:// finds it"),
                    retry("NOREPLICAS", "too few replicas to write"),
                    retry("OOM", "its memory is used up"),
                    retry("READONLY", "it is a replica: a failover is going on"),
                    retry("TRYAGAIN", "slots are moving"),
                    retry("UNKILLABLE", "a script that writes is running"),
                    retry(NO_CONNECTION_LEFT, "it takes no more connections"),
                    stop("ERR", "a command it does not accept"),
                    stop("NOAUTH", "authentication required")
                            .explained(
                                    "Redis asks for a password ({said})",
                                    "give it in {redis}.url, as redis://user:password@host:port or"
                                            + " redis://:password@host:port"),
                    stop("NOPERM", "a permission is missing")
                            .explained(
                                    "The Redis user lacks a right ({said})",
                                    "redis-cli ACL SETUSER {redisUser} '~cdc:*' +@connection +@read +@write"
                                            + " +@scripting +time"),
                    stop("NOPROTO", "a protocol it does not speak"),
                    stop("WRONGPASS", "wrong user or password")
                            .explained(
                                    "Redis does not accept the user or the password ({said})",
                                    "check both in {redis}.url (redis://user:password@host:port), and ACL LIST on the"
                                            + " server"),
                    stop("WRONGTYPE", "the key holds something else"));

    private static final Map<String, ErrorEntry> BY_CODE =
            ENTRIES.stream()
                    .collect(Collectors.toUnmodifiableMap(ErrorEntry::code, Function.identity()));

    /** The catalogue; it has no state. */
    public RedisErrors() {}

    /** Returns whether the server says that it cannot serve now, but may later, or another may. */
    static boolean mayPass(JedisDataException reply) {
        return reaction(code(reply.getMessage())) == Reaction.RETRY;
    }

    private static Reaction reaction(String code) {
        ErrorEntry entry = BY_CODE.get(code);
        return entry == null ? Reaction.STOP : entry.reaction();
    }

    /** The code of an error reply; empty if it has none. */
    private static String code(@Nullable String message) {
        if (message == null) {
            return "";
        }
        if (message.startsWith(NO_CONNECTION_LEFT)) {
            return NO_CONNECTION_LEFT;
        }
        if (message.startsWith(NOT_PERMITTED_IN_A_SCRIPT)) {
            return "NOPERM";
        }
        Matcher script = WITHIN_A_SCRIPT.matcher(message);
        if (script.matches()) {
            return String.valueOf(script.group(1));
        }
        int space = message.indexOf(' ');
        return space < 0 ? message : message.substring(0, space);
    }

    @Override
    public String system() {
        return "Redis";
    }

    @Override
    public List<ErrorEntry> entries() {
        return ENTRIES;
    }

    @Override
    public boolean isSource(Throwable thrown) {
        return thrown instanceof JedisException;
    }

    @Override
    public @Nullable ErrorEntry entry(Throwable thrown) {
        return thrown instanceof JedisDataException reply
                ? BY_CODE.get(code(reply.getMessage()))
                : null;
    }

    @Override
    public @Nullable Failure recognize(Throwable thrown) {
        return switch (thrown) {
            case JedisConnectionException _, JedisClusterOperationException _ ->
                    new Failure.Network();
            case JedisDataException reply -> {
                String code = code(reply.getMessage());
                yield new Failure.ServerError("Redis", code, reaction(code));
            }
            default -> null;
        };
    }

    @Override
    public TlsOptions tlsOptions() {
        return new TlsOptions("{redis}.tls.ca", "{redis}.tls.certificate and key", "{redis}.url");
    }
}
