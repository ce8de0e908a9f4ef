package dev.cdcpipeline.syncer.write;

import dev.cdcpipeline.syncer.schema.TableName;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Remembers for which tables COPY straight into the table pays. While a topic is applied to a table
 * that has its rows already, each attempt would end in a duplicate key and be done twice; so after
 * one, the table goes by staging for a while, longer each time. Thread-safe.
 */
final class StraightPath {
    private static final int LONGEST = 1_024;

    /**
     * @param detour how many batches the last duplicate key cost
     * @param left how many of them are left; below 0 it is over
     */
    private record State(int detour, int left) {}

    private final Map<TableName, State> states = new ConcurrentHashMap<>();

    /** Is it worth an attempt? Counts the batch. */
    boolean isOpen(TableName table) {
        State now =
                states.computeIfPresent(
                        table,
                        (key, state) -> new State(state.detour(), Math.max(-1, state.left() - 1)));
        return now == null || now.left() < 0;
    }

    /** Rows went straight in. */
    void succeeded(TableName table) {
        states.remove(table);
    }

    /** A row was there already. */
    void collided(TableName table) {
        states.merge(
                table,
                new State(1, 1),
                (state, first) -> {
                    int detour = Math.min(LONGEST, 2 * state.detour());
                    return new State(detour, detour);
                });
    }
}
