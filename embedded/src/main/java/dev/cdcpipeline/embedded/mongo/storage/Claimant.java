package dev.cdcpipeline.embedded.mongo.storage;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** An open transaction, for whose end others can wait. Equal only to itself. Thread-safe. */
public final class Claimant {

    private final CountDownLatch ended = new CountDownLatch(1);

    void end() {
        ended.countDown();
    }

    /** Waits for the end; false when it did not come in time. */
    boolean awaitEnd(long seconds) {
        try {
            return ended.await(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
