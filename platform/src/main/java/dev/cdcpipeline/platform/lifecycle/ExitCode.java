package dev.cdcpipeline.platform.lifecycle;

/** How a process ended, for scripts and orchestrators. */
public enum ExitCode {
    /** Stopped as asked, with everything in flight written and confirmed; or the work is done. */
    OK(0),
    /** Stopped by a failure that the log describes. A restart goes on where it was. */
    FAILED(1),
    /** The command line is wrong. */
    USAGE(2),
    /**
     * The heap, or other memory that Java asked for, was used up. The number is the one that the
     * JVM itself ends with under {@code -XX:+ExitOnOutOfMemoryError} and lets nobody choose. A
     * restart goes on where it was; if the same data needs as much again, it ends again.
     */
    OUT_OF_MEMORY(3),
    /**
     * Did not drain, or save its position, within the shutdown deadline. Nothing is lost: what was
     * in flight is delivered again at the next start.
     */
    DEADLINE(4),
    /** A question could not be answered: a server is away, or refuses. It is not the answer no. */
    UNANSWERED(5),
    /**
     * The configuration is wrong; every problem was printed. A restart does not help. The number is
     * that of sysexits.h, EX_CONFIG.
     */
    CONFIGURATION(78),
    /** Ended at once by a second signal. Nothing is lost, as with {@link #DEADLINE}. */
    FORCED(130);

    private final int value;

    ExitCode(int value) {
        this.value = value;
    }

    /** The number that the process ends with. */
    public int value() {
        return value;
    }
}
