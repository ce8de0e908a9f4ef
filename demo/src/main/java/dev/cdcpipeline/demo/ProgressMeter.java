package dev.cdcpipeline.demo;

import dev.cdcpipeline.platform.status.Progress.OfSyncer;
import dev.cdcpipeline.platform.status.Progress.OfWatcher;
import dev.cdcpipeline.platform.status.StatusReport;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;

/**
 * Puts together what there is to show: from the services' metrics, the tables and the lag probe.
 */
final class ProgressMeter {

    private static final long SECOND = 1_000_000_000L;

    private record Applied(long at, long total) {}

    private final Pipeline pipeline;
    private final TableContents tables;
    private final ShopWorkload workload;
    private final LagSamples lag;
    private final long planned;
    private final long start = System.nanoTime();
    private final Counter captured = new Counter();
    private final Counter published = new Counter();
    private final Counter applied = new Counter();
    private final Deque<Applied> lastSecond = new ArrayDeque<>();
    private Map<String, Long> rows = Map.of();
    private long rowsAt;

    ProgressMeter(
            Pipeline pipeline,
            TableContents tables,
            ShopWorkload workload,
            LagSamples lag,
            long planned) {
        this.pipeline = pipeline;
        this.tables = tables;
        this.workload = workload;
        this.lag = lag;
        this.planned = planned;
    }

    Progress read() throws SQLException {
        readMetrics();
        long now = System.nanoTime();
        if (rows.isEmpty() || now - rowsAt > SECOND) {
            rows = tables.rows();
            rowsAt = now;
        }
        return new Progress(
                Duration.ofNanos(now - start),
                planned,
                workload.written(),
                captured.total(),
                published.total(),
                applied.total(),
                appliedPerSecond(now),
                lag.recent(),
                rows,
                pipeline.services().stream().map(ProgressMeter::state).toList());
    }

    private void readMetrics() {
        read(pipeline.watcher().status());
        read(pipeline.syncer().status());
    }

    private void read(@Nullable StatusReport report) {
        switch (report == null ? null : report.progress()) {
            case OfWatcher watcher -> {
                captured.read(watcher.captured());
                published.read(watcher.events());
            }
            case OfSyncer syncer -> applied.read(syncer.committed() - syncer.redelivered());
            case null -> {
                // It does not answer: it was killed a moment ago.
            }
        }
    }

    private long appliedPerSecond(long now) {
        lastSecond.addLast(new Applied(now, applied.total()));
        while (lastSecond.size() > 2 && now - lastSecond.getFirst().at() > SECOND) {
            lastSecond.removeFirst();
        }
        Applied first = lastSecond.getFirst();
        long nanos = Math.max(1, now - first.at());
        return Math.round((double) (applied.total() - first.total()) * SECOND / nanos);
    }

    private static String state(ServiceProcess service) {
        return service.isAlive()
                ? "%s %d".formatted(service.name(), service.pid())
                : service.name() + " down";
    }
}
