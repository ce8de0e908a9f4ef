package dev.cdcpipeline.watcher.app;

import java.time.Duration;

/**
 * How long things may take before something is wrong.
 *
 * @param longestWait between two attempts, which is no hang
 * @param await how long MongoDB waits for the next event
 * @param answer of MongoDB to a question about the stream, beyond that
 * @param lookUp of documents in MongoDB
 */
record Deadlines(Duration longestWait, Duration await, Duration answer, Duration lookUp) {
    /** From when on it is told that MongoDB owes an answer. */
    Duration toldAfter() {
        return await.plus(answer.dividedBy(10));
    }
}
