package dev.cdcpipeline.platform.lifecycle;

import org.jspecify.annotations.Nullable;

import java.lang.Thread.UncaughtExceptionHandler;

/**
 * Ends the process when a thread dies of an {@link OutOfMemoryError}: what that thread did would
 * never be done again, and nothing would say so. The launcher's {@code -XX:+ExitOnOutOfMemoryError}
 * does the same earlier, wherever the JVM itself runs out; this is for processes without it, and
 * for the errors that the libraries of Java throw, such as for buffers outside of the heap.
 */
final class OutOfMemory implements UncaughtExceptionHandler, AutoCloseable {
    static final String SENTENCE =
            "out of memory: give Java a larger heap, or lower the byte bounds of the queues; see"
                    + " docs/troubleshooting.md#out-of-memory";

    private final @Nullable UncaughtExceptionHandler before;

    private OutOfMemory(@Nullable UncaughtExceptionHandler before) {
        this.before = before;
    }

    /** Watches all threads that have no handler of their own, until it is closed. */
    static OutOfMemory endsTheProcess() {
        var handler = new OutOfMemory(Thread.getDefaultUncaughtExceptionHandler());
        Thread.setDefaultUncaughtExceptionHandler(handler);
        return handler;
    }

    /** Returns whether memory was used up, which something else may have been thrown for. */
    static boolean isCauseOf(Throwable thrown) {
        int depth = 0; // of a chain that may have a loop
        for (Throwable each = thrown; each != null && depth < 100; each = each.getCause()) {
            if (each instanceof OutOfMemoryError) {
                return true;
            }
            depth++;
        }
        return false;
    }

    @Override
    public void uncaughtException(Thread thread, Throwable thrown) {
        if (isCauseOf(thrown)) {
            try {
                // A logger needs more memory than this does.
                System.err.println(SENTENCE);
                System.err.flush();
            } finally {
                Runtime.getRuntime().halt(ExitCode.OUT_OF_MEMORY.value());
            }
        }
        if (before != null) {
            before.uncaughtException(thread, thrown);
        } else {
            System.err.print("Exception in thread \"" + thread.getName() + "\" ");
            thrown.printStackTrace();
        }
    }

    @Override
    public void close() {
        Thread.setDefaultUncaughtExceptionHandler(before);
    }
}
