package dev.cdcpipeline.watcher.checkpoint;

import org.jspecify.annotations.Nullable;

import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A connection to Redis that is dropped when the server at its other end says that it cannot serve
 * now: after a fail-over the old master leaves it open and answers READONLY for ever. The next use
 * connects anew, which asks DNS or the sentinels again. Thread-safe.
 */
final class RedisConnection implements AutoCloseable {
    private final Supplier<UnifiedJedis> connect;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable UnifiedJedis current;

    /** A connection that is made when it is first used. */
    RedisConnection(Supplier<UnifiedJedis> connect) {
        this.connect = connect;
    }

    /**
     * Runs a command, which must be harmless when it runs twice.
     *
     * @throws JedisException if there is no connection, or Redis refuses
     */
    <T extends @Nullable Object> T call(Function<UnifiedJedis, T> command) {
        UnifiedJedis client = client();
        try {
            return command.apply(client);
        } catch (JedisDataException e) {
            if (RedisErrors.mayPass(e)) {
                drop(client);
            }
            throw e;
        } catch (JedisException e) {
            if (isCurrent(client)) {
                throw e;
            }
            return command.apply(client()); // another thread has dropped it meanwhile
        }
    }

    private UnifiedJedis client() {
        lock.lock();
        try {
            UnifiedJedis client = current;
            if (client == null) {
                client = connect.get();
                current = client;
            }
            return client;
        } finally {
            lock.unlock();
        }
    }

    private boolean isCurrent(UnifiedJedis client) {
        lock.lock();
        try {
            return client.equals(current);
        } finally {
            lock.unlock();
        }
    }

    private void drop(UnifiedJedis client) {
        lock.lock();
        try {
            if (client.equals(current)) {
                current = null;
            }
        } finally {
            lock.unlock();
        }
        client.close();
    }

    @Override
    public void close() {
        lock.lock();
        try (UnifiedJedis _ = current) {
            current = null;
        } finally {
            lock.unlock();
        }
    }
}
