package dev.cdcpipeline.platform.lifecycle;

/** Something that runs until it is told to stop. */
public interface Service extends AutoCloseable {

    /**
     * Runs until {@link #stop()} is called or it fails; before it returns, what is in flight is
     * drained: written, confirmed, saved.
     *
     * @throws NotDrainedException if not everything was drained in time; the process then ends with
     *     {@link ExitCode#DEADLINE}
     * @throws Exception if it cannot go on; the process then ends with {@link ExitCode#FAILED}
     */
    void run() throws Exception;

    /** Asks {@link #run()} to drain and return. Returns at once; called from another thread. */
    void stop();

    /** Releases everything; called once, after {@link #run()} has returned or was given up. */
    @Override
    void close();
}
