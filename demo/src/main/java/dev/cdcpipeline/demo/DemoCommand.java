package dev.cdcpipeline.demo;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** {@code cdc demo}. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Runs the whole pipeline on this machine: PostgreSQL, Kafka and a MongoDB replica set on free ports,"
                    + " the Watcher and the Syncer as in production, and a shop that keeps them busy."
                    + " At the end every document is compared with its row.",
            ""
        },
        footer = {
            "",
            "Lag is measured from the moment before a write is sent to MongoDB until a query sees it in the table.",
            "",
            "Examples:",
            "  cdc demo                       50,000 events, as fast as possible",
            "  cdc demo --rate 1000 --keep    a steady load; look around with psql after",
            "  cdc demo --chaos               services are killed and nothing is lost",
        })
final class DemoCommand implements Callable<Integer> {

    private static final long CLOSE_SECONDS = 20;

    @Option(
            names = "--events",
            paramLabel = "N",
            defaultValue = "50000",
            description = "Change events to make (default: ${DEFAULT-VALUE}).")
    private long events = 50_000;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "0",
            description = "Events a second; 0 is as fast as possible (default: ${DEFAULT-VALUE}).")
    private double rate;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "Decides what is written; the same seed makes the same documents (default: ${DEFAULT-VALUE}).")
    private long seed = 1;

    @Option(
            names = "--writers",
            paramLabel = "N",
            defaultValue = "4",
            description = "Threads that write, 1 to 26 (default: ${DEFAULT-VALUE}).")
    private int writers = 4;

    @Option(
            names = "--keep",
            description = "Leave all running at the end, and print how to connect, until Ctrl-C.")
    private boolean keep;

    @Option(
            names = "--chaos",
            description =
                    "Kill the Watcher or the Syncer with SIGKILL every few seconds while writing.")
    private boolean chaos;

    @Override
    public Integer call() throws SQLException, InterruptedException {
        var stop = new CountDownLatch(1);
        var closed = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> endBySignal(stop, closed), "ctrl-c"));
        var plan = new ShopWorkload.Plan(events, rate, seed, Math.clamp(writers, 1, 26));
        try (Display display = display()) {
            return new Demo(new DemoOptions(plan, keep, chaos), display, stop).run().value();
        } finally {
            closed.countDown();
        }
    }

    /** Lets the demo close what it opened. Should that take too long, the reapers do it. */
    private static void endBySignal(CountDownLatch stop, CountDownLatch closed) {
        stop.countDown();
        try {
            closed.await(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Display display() {
        var out =
                new PrintStream(
                        new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        boolean terminal =
                Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false)
                        && !"dumb".equals(System.getenv("TERM"));
        return terminal
                ? new Display.Terminal(out, System.getenv("NO_COLOR") == null)
                : new Display.Lines(out);
    }
}
