package dev.cdcpipeline.demo;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoDatabase;

import dev.cdcpipeline.demo.ShopWrite.Target;
import dev.cdcpipeline.model.Namespace;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A shop's customers and orders: inserts, updates, replaces and deletes by several writers at once.
 *
 * <p>The documents it leaves in MongoDB depend on the seed and the number of events and writers
 * alone. Thread-safe.
 */
public final class ShopWorkload {

    /** The database it writes to. */
    public static final String DATABASE = "shop";

    /** The collections it writes to. */
    public static final List<Namespace> NAMESPACES =
            List.of(new Namespace(DATABASE, "customers"), new Namespace(DATABASE, "orders"));

    /**
     * How much to write.
     *
     * @param events how many change events in all
     * @param perSecond events a second, all writers together; 0 is as fast as possible
     * @param seed decides what is written
     * @param writers how many threads write, at most 26
     */
    public record Plan(long events, double perSecond, long seed, int writers) {}

    private final MongoDatabase database;
    private final Plan plan;
    private final WriteTally tally = new WriteTally();
    private final AtomicBoolean stopped = new AtomicBoolean();

    /** A workload that has not begun. */
    public ShopWorkload(MongoClient mongo, Plan plan) {
        this.database = mongo.getDatabase(DATABASE);
        this.plan = plan;
    }

    /**
     * Writes until all is written, or {@link #stop()} is called.
     *
     * @throws InterruptedException when interrupted while waiting for the writers
     * @throws RuntimeException what a writer failed with
     */
    public void run() throws InterruptedException {
        run(
                new WriteListener() {
                    @Override
                    public void sending(List<ShopWrite> writes) {}

                    @Override
                    public void confirmed(List<ShopWrite> writes) {}
                });
    }

    void run(WriteListener listener) throws InterruptedException {
        WriteListener counting =
                new WriteListener() {
                    @Override
                    public void sending(List<ShopWrite> writes) {
                        listener.sending(writes);
                    }

                    @Override
                    public void confirmed(List<ShopWrite> writes) {
                        writes.forEach(tally::add);
                        listener.confirmed(writes);
                    }
                };
        try (ExecutorService threads =
                Executors.newFixedThreadPool(
                        plan.writers(), Thread.ofPlatform().name("writer-", 0).factory())) {
            var running = new ArrayList<Future<?>>();
            for (int branch = 0; branch < plan.writers(); branch++) {
                running.add(threads.submit(writer(branch, counting)));
            }
            await(running);
        }
    }

    /** Asks the writers to end after their current batch. */
    public void stop() {
        stopped.set(true);
    }

    /** How many events MongoDB has confirmed so far. */
    public long written() {
        return tally.events();
    }

    WriteTally tally() {
        return tally;
    }

    static String collection(Target target) {
        return target.name().toLowerCase(Locale.ROOT);
    }

    private ShopWriter writer(int branch, WriteListener listener) {
        long events =
                plan.events() / plan.writers() + (branch < plan.events() % plan.writers() ? 1 : 0);
        var pace = new Pace(plan.perSecond() / plan.writers(), System::nanoTime);
        return new ShopWriter(
                database, new Shop(plan.seed(), branch), pace, events, listener, stopped);
    }

    private void await(List<Future<?>> running) throws InterruptedException {
        for (Future<?> each : running) {
            try {
                each.get();
            } catch (ExecutionException e) {
                stop();
                throw e.getCause() instanceof RuntimeException cause
                        ? cause
                        : new IllegalStateException(e.getCause());
            }
        }
    }
}
