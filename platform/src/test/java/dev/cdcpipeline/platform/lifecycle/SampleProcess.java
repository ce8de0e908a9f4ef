package dev.cdcpipeline.platform.lifecycle;

import dev.cdcpipeline.platform.config.ShutdownSettings;
import dev.cdcpipeline.platform.failure.ExplainedException;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;

/**
 * A process around a service that does as its name says; run by {@link ServiceRunnerTest}. It
 * prints what happens to it, a word a line.
 */
final class SampleProcess implements Service {
    private final String behaviour;
    private final CountDownLatch stopped = new CountDownLatch(1);

    private SampleProcess(String behaviour) {
        this.behaviour = behaviour;
    }

    public static void main(String[] arguments) throws InterruptedException {
        var deadline = Duration.ofMillis(Long.parseLong(arguments[1]));
        var code =
                new ServiceRunner(new ShutdownSettings(deadline))
                        .run("sample", new SampleProcess(arguments[0]));
        System.exit(code.value());
    }

    @Override
    public void run() throws Exception {
        say("running");
        switch (behaviour) {
            case "return" -> {}
            case "fail" -> throw new IllegalStateException("as told");
            case "explain" ->
                    throw new ExecutionException(
                            new ExplainedException(
                                    "The door is locked: use the key.",
                                    new IllegalStateException("as told")));
            case "drain" -> stopped.await();
            case "fail-draining" -> {
                stopped.await();
                throw new IllegalStateException("as told");
            }
            case "leave" -> {
                stopped.await();
                throw new NotDrainedException("A record is left: it is written again.");
            }
            case "fill-memory" -> fillMemory();
            case "wrap-memory" -> {
                try {
                    fillMemory();
                } catch (OutOfMemoryError e) {
                    throw new IllegalStateException("told by another", e);
                }
            }
            case "fill-memory-aside" -> {
                Thread.ofPlatform().start(SampleProcess::fillMemory);
                new CountDownLatch(1).await();
            }
            case "hang" -> new CountDownLatch(1).await();
            default -> throw new IllegalArgumentException(behaviour);
        }
        say("drained");
    }

    private static void fillMemory() {
        for (Object[] all = {}; ; ) {
            all = new Object[] {all, new byte[1 << 20]};
        }
    }

    @Override
    public void stop() {
        say("stopping");
        stopped.countDown();
    }

    @Override
    public void close() {
        say("closed");
    }

    private static void say(String word) {
        System.out.println(word);
        System.out.flush();
    }
}
