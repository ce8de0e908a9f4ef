package dev.cdcpipeline.embedded.mongo.cursor;

import dev.cdcpipeline.embedded.mongo.wire.CommandError;

import org.jspecify.annotations.Nullable;

import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/** The open cursors by their id. Thread-safe. */
public final class Cursors {

    private final Map<Long, ServerCursor> open = new ConcurrentHashMap<>();
    private final RandomGenerator random = new SecureRandom();

    /** Keeps a cursor and returns its id, which is never 0. */
    public long register(ServerCursor cursor) {
        long id = random.nextLong(1, Long.MAX_VALUE);
        open.put(id, cursor);
        return id;
    }

    public ServerCursor get(long id) {
        ServerCursor cursor = open.get(id);
        if (cursor == null) {
            throw new CommandError(43, "CursorNotFound", "cursor id " + id + " not found");
        }
        return cursor;
    }

    /** The cursor, null when there is none. */
    public @Nullable ServerCursor find(long id) {
        return open.get(id);
    }

    /** Forgets a cursor; false when there was none. */
    public boolean remove(long id) {
        ServerCursor cursor = open.remove(id);
        if (cursor != null) {
            cursor.close();
        }
        return cursor != null;
    }

    public void removeAll() {
        open.keySet().forEach(this::remove);
    }

    public int size() {
        return open.size();
    }
}
