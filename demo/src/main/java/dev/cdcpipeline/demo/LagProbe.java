package dev.cdcpipeline.demo;

import dev.cdcpipeline.demo.ShopWrite.Kind;
import dev.cdcpipeline.demo.ShopWrite.Target;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures how long a write takes to become a visible row.
 *
 * <p>The clock of a sampled write starts just before it is sent to MongoDB and stops when a query
 * sees its revision, or a later one, in the table. So a sample holds the write itself, the whole
 * pipeline, and the polling: up to {@link #PAUSE_NANOS} and one query. All readings are of one
 * clock.
 */
final class LagProbe implements WriteListener, AutoCloseable {

    /** The pause between two queries. */
    static final long PAUSE_NANOS = 5_000_000;

    private static final int MOST_OUTSTANDING = 64;

    private record Sample(int revision, long sentAt) {}

    private final Map<Target, Map<String, Sample>> outstanding =
            Map.of(
                    Target.CUSTOMERS,
                    new ConcurrentHashMap<>(),
                    Target.ORDERS,
                    new ConcurrentHashMap<>());
    private final LagSamples samples = new LagSamples();
    private final Connection connection;
    private final Thread thread;
    private volatile boolean closed;

    /** Measures until it is closed, by a connection of its own that it closes then. */
    LagProbe(Connection connection) {
        this.connection = connection;
        this.thread = Thread.ofPlatform().daemon().name("lag-probe").start(this::run);
    }

    LagSamples samples() {
        return samples;
    }

    /** Samples the first write of each batch, as long as few others are on their way. */
    @Override
    public void sending(List<ShopWrite> writes) {
        long now = System.nanoTime();
        ShopWrite first = writes.getFirst();
        Map<String, Sample> ofTarget = of(first.target());
        // A deleted document can never be seen again.
        writes.stream()
                .filter(each -> each.kind() == Kind.DELETE)
                .forEach(each -> ofTarget.remove(each.rowKey()));
        if (first.kind() != Kind.DELETE && ofTarget.size() < MOST_OUTSTANDING) {
            ofTarget.putIfAbsent(first.rowKey(), new Sample(first.revision(), now));
        }
    }

    @Override
    public void confirmed(List<ShopWrite> writes) {}

    @Override
    public void close() throws SQLException {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        connection.close();
    }

    private void run() {
        while (!closed) {
            LockSupport.parkNanos(PAUSE_NANOS);
            outstanding.forEach(this::look);
        }
    }

    private void look(Target target, Map<String, Sample> waiting) {
        if (waiting.isEmpty()) {
            return;
        }
        String sql =
                "SELECT _id, (doc->>'revision')::int FROM %s.%s WHERE _id = ANY (?)"
                        .formatted(ShopWorkload.DATABASE, ShopWorkload.collection(target));
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, connection.createArrayOf("text", waiting.keySet().toArray()));
            try (ResultSet rows = statement.executeQuery()) {
                long seenAt = System.nanoTime();
                while (rows.next()) {
                    seen(waiting, rows.getString(1), rows.getInt(2), seenAt);
                }
            }
        } catch (SQLException notNow) {
            // The table does not exist yet, or the server restarts: the samples go on waiting.
            LockSupport.parkNanos(10 * PAUSE_NANOS);
        }
    }

    private void seen(Map<String, Sample> waiting, String rowKey, int revision, long seenAt) {
        Sample sample = waiting.get(rowKey);
        if (sample != null && revision >= sample.revision() && waiting.remove(rowKey, sample)) {
            samples.add(seenAt - sample.sentAt());
        }
    }

    private Map<String, Sample> of(Target target) {
        return outstanding.getOrDefault(target, Map.of());
    }
}
