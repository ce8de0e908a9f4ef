package dev.cdcpipeline.platform.failure;

import org.jspecify.annotations.Nullable;

/** Recognises the exceptions of one library. Thread-safe. */
@FunctionalInterface
public interface Recognizer {

    /**
     * The neutral failure that one exception stands for, its causes left aside; null if the
     * exception is not of this driver, or says nothing by itself.
     */
    @Nullable Failure recognize(Throwable thrown);
}
