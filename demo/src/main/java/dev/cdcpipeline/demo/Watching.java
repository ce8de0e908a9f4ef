package dev.cdcpipeline.demo;

import java.sql.SQLException;
import java.time.Duration;

/** Looks after the services and shows the progress, each as often as it should. */
final class Watching {

    private final Supervisor supervisor;
    private final ProgressMeter meter;
    private final Display display;
    private long shownAt;
    private long appliedBefore = -1;
    private long lastProgressAt = System.nanoTime();

    Watching(Supervisor supervisor, ProgressMeter meter, Display display) {
        this.supervisor = supervisor;
        this.meter = meter;
        this.display = display;
    }

    /** To be called often. */
    void turn() throws SQLException {
        supervisor.look();
        if (System.nanoTime() - shownAt >= display.intervalMillis() * 1_000_000) {
            showNow();
        }
    }

    void showNow() throws SQLException {
        shownAt = System.nanoTime();
        Progress progress = meter.read();
        if (progress.applied() != appliedBefore) {
            appliedBefore = progress.applied();
            lastProgressAt = shownAt;
        }
        display.show(progress);
    }

    /**
     * From now on only progress is waited for: no more kills, and the time without it counts anew.
     */
    void waitForTheRest() {
        supervisor.calm();
        lastProgressAt = System.nanoTime();
    }

    /** Has nothing been applied for so long? */
    boolean stalledFor(Duration limit) {
        return System.nanoTime() - lastProgressAt > limit.toNanos();
    }
}
