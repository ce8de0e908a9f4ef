package dev.cdcpipeline.watcher.app;

import dev.cdcpipeline.model.Position;
import dev.cdcpipeline.model.ResumeToken;
import dev.cdcpipeline.watcher.capture.EventBatch;
import dev.cdcpipeline.watcher.publish.AckTracker;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

import org.bson.BsonTimestamp;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.function.ToDoubleFunction;

/** What the Watcher is at now, as numbers. Written by the loop, read by whoever scrapes. */
final class Gauges {
    private volatile @Nullable AckTracker tracker;
    private volatile double publishedUpTo = Double.NaN;
    private volatile double oldestInOplog = Double.NaN;
    private volatile boolean leading;

    Gauges(MeterRegistry registry) {
        gauge(
                registry,
                "cdc.watcher.in.flight.events",
                "Records in flight to Kafka",
                g -> g.tracked(AckTracker::inFlightEvents));
        gauge(
                registry,
                "cdc.watcher.in.flight.bytes",
                "Bytes in flight to Kafka",
                g -> g.tracked(AckTracker::inFlightBytes));
        gauge(
                registry,
                "cdc.watcher.lag.seconds",
                "Age of the position up to which everything is handed to Kafka",
                g -> Math.max(0, now() - g.publishedUpTo));
        gauge(
                registry,
                "cdc.watcher.durable.age.seconds",
                "Age of the durable position",
                g -> now() - g.durableSeconds());
        gauge(
                registry,
                "cdc.watcher.oplog.headroom.seconds",
                "Time from the oldest change in the oplog to the durable position: at 0, data is lost",
                g -> g.durableSeconds() - g.oldestInOplog);
        gauge(
                registry,
                "cdc.watcher.leader",
                "1 on the leader, 0 on a standby",
                g -> g.leading ? 1 : 0);
    }

    private void gauge(
            MeterRegistry registry,
            String name,
            String description,
            ToDoubleFunction<Gauges> value) {
        Gauge.builder(name, this, value).description(description).register(registry);
    }

    void tracker(AckTracker current) {
        tracker = current;
    }

    /**
     * A batch without events is not always caught up: the server may still search its oplog for the
     * next change of the scope.
     */
    void published(EventBatch batch) {
        double reached = reached(batch);
        if (!Double.isNaN(reached)) {
            publishedUpTo = reached;
        }
    }

    private static double reached(EventBatch batch) {
        BsonTimestamp last =
                batch.events().isEmpty() ? null : batch.events().getLast().clusterTime();
        if (last != null) {
            return seconds(last);
        }
        return batch.through() == null ? Double.NaN : seconds(batch.through());
    }

    void oldestInOplog(BsonTimestamp time) {
        oldestInOplog = seconds(time);
    }

    /** One that stands by is nowhere: how far it had got itself says nothing any more. */
    void leading(boolean now) {
        leading = now;
        if (!now) {
            publishedUpTo = Double.NaN;
            tracker = null;
        }
    }

    private double tracked(ToDoubleFunction<AckTracker> value) {
        AckTracker current = tracker;
        return current == null ? 0 : value.applyAsDouble(current);
    }

    /** The position up to which everything is durable, null when nothing is yet. */
    @Nullable Position durable() {
        AckTracker current = tracker;
        return current == null ? null : current.durable();
    }

    private double durableSeconds() {
        Position durable = durable();
        return durable == null ? Double.NaN : seconds(durable.token());
    }

    /**
     * The cluster time a token begins with: a byte that says "timestamp" (0x82 in the server's key
     * strings), then the seconds in 4 bytes, big-endian.
     */
    static double seconds(ResumeToken token) {
        byte[] bytes = token.toBytes();
        return bytes.length < 5
                ? Double.NaN
                : Integer.toUnsignedLong(ByteBuffer.wrap(bytes, 1, 4).getInt());
    }

    private static double seconds(BsonTimestamp time) {
        return Integer.toUnsignedLong(time.getTime());
    }

    private static double now() {
        return Instant.now().toEpochMilli() / 1000.0;
    }
}
