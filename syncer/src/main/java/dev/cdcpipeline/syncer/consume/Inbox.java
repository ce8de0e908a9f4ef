package dev.cdcpipeline.syncer.consume;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.ConcurrentLinkedQueue;

/** The poll loop's letter box: the one way by which other threads reach it. Thread-safe. */
final class Inbox {
    private final ConcurrentLinkedQueue<Report> reports = new ConcurrentLinkedQueue<>();

    void put(Report report) {
        reports.add(report);
    }

    /** The next report; null if there is none. */
    @Nullable Report poll() {
        return reports.poll();
    }
}
