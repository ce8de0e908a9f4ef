package dev.cdcpipeline.syncer.write;

import dev.cdcpipeline.syncer.plan.BatchPlan;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

import javax.sql.DataSource;

/**
 * Forgets, behind a batch now and then, the deleted rows whose time is over; a part of them at a
 * time. While nothing is written nothing needs to be forgotten. Thread-safe.
 */
public final class ForgettingStore implements BatchStore {
    private static final Logger log = LoggerFactory.getLogger(ForgettingStore.class);

    /** Takes some 50 ms. */
    private static final int AT_ONCE = 10_000;

    private static final long PAUSE_NANOS = Duration.ofSeconds(10).toNanos();

    /** What others are about to forget, or write anew, is left to them. */
    private static final String FORGET =
            """
            with old as (
                select d.target, d._id from cdc.target as t, lateral (
                    select target, _id from cdc.deleted
                    where target = t.id and applied_at < now() - ? * interval '1 millisecond'
                    order by applied_at limit ? for update skip locked) as d
                where t.consumer_group = ? limit ?),
            gone as (
                delete from cdc.deleted as d using old
                where d.target = old.target and d._id = old._id
                returning d.target, d.version),
            last as (select target, max(version) as version from gone group by target),
            noted as (
                update cdc.target as t set forgotten = greatest(t.forgotten, last.version)
                from last where t.id = last.target)
            select count(*) from gone""";

    private final BatchStore store;
    private final DataSource pool;
    private final String group;
    private final Duration keep;
    private final LongSupplier nanoTime;
    private final AtomicLong due;

    /**
     * @param store where batches go
     * @param pool connections, with autocommit off
     * @param group the consumer group
     * @param keep how long a deleted row is remembered
     * @param nanoTime the time, to do it seldom
     */
    public ForgettingStore(
            BatchStore store, DataSource pool, String group, Duration keep, LongSupplier nanoTime) {
        this.store = store;
        this.pool = pool;
        this.group = group;
        this.keep = keep;
        this.nanoTime = nanoTime;
        this.due = new AtomicLong(nanoTime.getAsLong());
    }

    @Override
    public Outcome write(BatchPlan plan) throws SQLException {
        Outcome outcome = store.write(plan);
        long now = nanoTime.getAsLong();
        long at = due.get();
        if (now - at >= 0 && due.compareAndSet(at, now + PAUSE_NANOS)) {
            forget(now);
        }
        return outcome;
    }

    /** The batch is committed: whatever comes in between, it must not seem to have failed. */
    private void forget(long now) {
        try (Connection connection = pool.getConnection()) {
            long forgotten = forget(connection);
            connection.commit();
            if (forgotten == AT_ONCE) {
                due.set(now); // there is more
            }
        } catch (SQLException e) {
            log.warn(
                    "Deleted rows whose time is over are not forgotten yet, it is tried again: {}",
                    e.getMessage());
        }
    }

    private long forget(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FORGET)) {
            statement.setLong(1, keep.toMillis());
            statement.setInt(2, AT_ONCE);
            statement.setString(3, group);
            statement.setInt(4, AT_ONCE);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }
}
