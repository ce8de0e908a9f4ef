package dev.cdcpipeline.embedded.mongo.command;

import java.util.Set;
import java.util.concurrent.CountDownLatch;

/** Holds back every reply while it lasts, greetings aside, as a server that hangs. Thread-safe. */
public final class Stall {

    private static final Set<String> GREETINGS = Set.of("hello", "isMaster", "ismaster");

    private volatile CountDownLatch gate = new CountDownLatch(0);

    public void begin() {
        gate = new CountDownLatch(1);
    }

    public void end() {
        gate.countDown();
    }

    void await(String command) throws InterruptedException {
        if (!GREETINGS.contains(command)) {
            gate.await();
        }
    }
}
