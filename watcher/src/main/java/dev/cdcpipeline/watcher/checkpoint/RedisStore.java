package dev.cdcpipeline.watcher.checkpoint;

import dev.cdcpipeline.model.Position;

import org.jspecify.annotations.Nullable;

import redis.clients.jedis.exceptions.JedisException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import javax.net.ssl.SSLContext;

/**
 * A checkpoint and a lease in Redis, under two keys of one hash slot: {@code cdc:{id}:checkpoint},
 * a hash, and {@code cdc:{id}:leader}, a string that expires. Every change is one Lua script, which
 * Redis runs alone.
 *
 * <p>A term of leadership has a number, the fence, from Redis' own clock in microseconds, so that
 * it grows even when Redis has lost everything. Taking the lease writes the fence into the
 * checkpoint; a save with a smaller one is refused, unless this process holds the lease: then it
 * has taken a term whose number it does not know yet, or will never know, because the reply was
 * lost. Thread-safe.
 */
public final class RedisStore implements CheckpointStore, Lease {
    private static final String SAVE =
            """
            local fence = redis.call('HGET', KEYS[1], 'fence')
            if fence and tonumber(fence) > tonumber(ARGV[1])
                and redis.call('GET', KEYS[2]) ~= ARGV[4] then return 'fenced' end
            local position = redis.call('HGET', KEYS[1], 'position')
            if position and position > ARGV[2] then return 'older' end
            redis.call('HSET', KEYS[1], 'position', ARGV[2], 'json', ARGV[3])
            return 'saved'
            """;

    private static final String HOLD_OR_TAKE =
            """
            local leader = redis.call('GET', KEYS[2])
            if leader and leader ~= ARGV[1] then return '' end
            redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
            local before = redis.call('HGET', KEYS[1], 'fence')
            if leader and before then return before end
            local time = redis.call('TIME')
            local fence = tonumber(time[1]) * 1000000 + tonumber(time[2])
            if before and tonumber(before) >= fence then fence = tonumber(before) + 1 end
            local text = string.format('%.0f', fence)
            redis.call('HSET', KEYS[1], 'fence', text)
            return text
            """;

    private static final String GIVE_BACK =
            """
            if redis.call('GET', KEYS[2]) == ARGV[1] then redis.call('DEL', KEYS[2]) end
            return ''
            """;

    private final RedisConnection redis;
    private final String owner;
    private final Duration term;
    private final List<String> keys;
    private volatile String fence = "0";

    /**
     * A store over a connection, which is closed with it.
     *
     * @param redis the connection
     * @param id the Watcher's name
     * @param owner what only this process calls itself
     * @param term how long the lease lasts when it is not held on
     */
    RedisStore(RedisConnection redis, String id, String owner, Duration term) {
        this.redis = redis;
        this.owner = owner;
        this.term = term;
        this.keys = List.of("cdc:{" + id + "}:checkpoint", "cdc:{" + id + "}:leader");
    }

    /**
     * Opens a store.
     *
     * @param address as {@link RedisAddress} reads it
     * @param tls whom to trust where the address wants TLS
     */
    public static RedisStore open(
            String address, SSLContext tls, String id, String owner, Duration term) {
        RedisAddress parsed = RedisAddress.parse(address);
        return new RedisStore(new RedisConnection(() -> parsed.connect(tls)), id, owner, term);
    }

    @Override
    public Optional<Checkpoint> load() throws IOException {
        try {
            return Optional.ofNullable(
                            redis.<@Nullable String>call(
                                    client -> client.hget(keys.getFirst(), "json")))
                    .map(json -> Checkpoint.fromJson(json.getBytes(StandardCharsets.UTF_8)));
        } catch (JedisException e) {
            throw new IOException("the checkpoint cannot be read from Redis", e);
        } catch (IllegalArgumentException e) {
            throw new UnusableCheckpointException(
                    "the Redis key "
                            + keys.getFirst()
                            + " holds something that is not a checkpoint",
                    e);
        }
    }

    @Override
    public void save(Checkpoint checkpoint) throws IOException {
        String json = new String(checkpoint.toJson(), StandardCharsets.UTF_8);
        String result =
                run(
                        "save the checkpoint",
                        SAVE,
                        List.of(fence, order(checkpoint.position()), json, owner));
        if (result.equals("fenced")) {
            throw new FencedException(
                    "another Watcher has taken over; this one must not save the checkpoint any more");
        }
    }

    /** Text whose order is the order of positions. */
    private static String order(Position position) {
        return HexFormat.of().toHexDigits(position.generation())
                + position.token().toHex().toLowerCase(Locale.ROOT);
    }

    @Override
    public boolean holdOrTake() throws IOException {
        String taken =
                run("hold the lease", HOLD_OR_TAKE, List.of(owner, Long.toString(term.toMillis())));
        if (taken.isEmpty()) {
            fence = "0";
            return false;
        }
        fence = taken;
        return true;
    }

    private String run(String what, String script, List<String> arguments) throws IOException {
        try {
            return String.valueOf(
                    redis.<Object>call(client -> client.eval(script, keys, arguments)));
        } catch (JedisException e) {
            throw new IOException("Redis could not " + what, e);
        }
    }

    @Override
    public void close() {
        try (redis) {
            var _ = run("give the lease back", GIVE_BACK, List.of(owner));
        } catch (IOException notReachable) {
            // The lease ends by itself.
        }
    }
}
