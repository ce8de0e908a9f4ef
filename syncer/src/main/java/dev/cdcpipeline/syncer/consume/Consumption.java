package dev.cdcpipeline.syncer.consume;

import dev.cdcpipeline.platform.health.Component;
import dev.cdcpipeline.platform.health.Heartbeat;
import dev.cdcpipeline.platform.retry.Retry;
import dev.cdcpipeline.syncer.plan.RecordBlocks;
import dev.cdcpipeline.syncer.write.BatchStore;
import dev.cdcpipeline.syncer.write.LedgerStore;

import org.apache.kafka.clients.consumer.Consumer;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * The poll loop with its workers, from the subscription to the last commit. {@link #run} belongs to
 * one thread.
 */
public final class Consumption implements AutoCloseable {
    private static final Duration COMMIT_INTERVAL = Duration.ofSeconds(1);

    /** A database that went back is noticed within this time; sooner if topics are looked at so. */
    private static final Duration LEDGER_INTERVAL = Duration.ofSeconds(5);

    private final Consumer<ByteBuffer, ByteBuffer> consumer;
    private final Subscription subscription;
    private final TopicsFound topics;
    private final Claims claims;
    private final PollLoop loop;
    private final LedgerOpener opener;
    private final TopicWatch watch;
    private final LedgerWatch ledgerWatch;
    private final Backlog backlog;
    private final WorkQueue queue;
    private final SyncerMeters meters;
    private final Inbox inbox = new Inbox();
    private final BatchStore store;
    private final List<AtWork> atWork = new ArrayList<>();
    private final List<Thread> workers = new ArrayList<>();

    /**
     * Puts the parts together.
     *
     * @param intake the consumer; its deserializers are those of the budget
     * @param subscription the topics
     * @param place where partitions start and what is known of them
     * @param plan how many workers there are, when they write, what they may hold
     * @param writing what a worker does with a batch
     * @param meters what is measured
     */
    public Consumption(
            Intake intake,
            Subscription subscription,
            Place place,
            Workload plan,
            Writing writing,
            SyncerMeters meters) {
        this.consumer = intake.consumer();
        this.subscription = subscription;
        this.topics = new TopicsFound(subscription);
        this.meters = meters;
        this.store = writing.store();
        this.queue = new WorkQueue(plan, System::nanoTime);
        var strayLetters = new StrayLetters(meters);
        for (int i = 0; i < plan.workers(); i++) {
            var applier = new Applier(writing, inbox, meters, strayLetters);
            atWork.add(applier.atWork());
            workers.add(
                    Thread.ofPlatform()
                            .name("syncer-worker-" + i)
                            .unstarted(new Worker(queue, applier, inbox)));
        }
        var offsets = new FollowingOffsets(COMMIT_INTERVAL, System::nanoTime);
        this.opener = new LedgerOpener(place, inbox, meters);
        this.watch =
                new TopicWatch(
                        place.catalog(),
                        new TopicGuard(place.ledger(), place.policy()),
                        inbox,
                        place.lookEvery(),
                        System::nanoTime);
        this.ledgerWatch =
                new LedgerWatch(
                        place.ledger()::nextOffsets,
                        inbox,
                        shorter(place.lookEvery(), LEDGER_INTERVAL),
                        System::nanoTime);
        this.claims = new Claims(consumer, queue, opener, offsets);
        this.backlog = new Backlog(meters, System::nanoTime);
        var blocks = new RecordBlocks(plan.queueBytes());
        this.loop = new PollLoop(intake, claims, queue, inbox, offsets, meters, blocks);
    }

    /**
     * Where partitions start.
     *
     * @param catalog what Kafka says
     * @param ledger what the database says
     * @param policy what to do where they do not fit together
     * @param askingKafka tries until Kafka says it
     * @param askingDatabase tries until the database says it
     * @param lookEvery how often to look whether the topics are still the same
     */
    public record Place(
            TopicCatalog catalog,
            LedgerStore ledger,
            LossPolicy policy,
            Retry askingKafka,
            Retry askingDatabase,
            Duration lookEvery) {}

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /**
     * Runs until told to stop, then writes what is under way and commits.
     *
     * @param stop asked at every turn
     * @param health this part's health
     * @param heartbeat beaten at every turn
     * @param stallTimeout how long something may stand still before health tells of it
     * @throws Exception if the service cannot go on
     */
    public void run(
            BooleanSupplier stop, Component health, Heartbeat heartbeat, Duration stallTimeout)
            throws Exception {
        workers.forEach(Thread::start);
        subscription.subscribe(consumer, claims);
        try (var stalls = new Stalls(atWork, store, inbox, stallTimeout, System::nanoTime)) {
            while (!stop.getAsBoolean()) {
                loop.runOnce();
                watch.lookIfDue(claims);
                ledgerWatch.lookIfDue(claims);
                backlog.measureIfDue(consumer, claims);
                heartbeat.beat();
                report(health, stalls.look(claims.all(), loop.heldBack()));
            }
        }
        heartbeat.close(); // the shutdown has a deadline of its own
        loop.drain();
    }

    /**
     * A member of the group is ready, also with no partitions: there may be no topic yet, or others
     * have them all and it stands by. Else a rollout would wait for it for ever.
     */
    private void report(Component health, Stalls.Found stalled) {
        meters.stalled(stalled.partitions());
        if (!stalled.reason().isEmpty()) {
            health.down(stalled.reason());
        } else if (consumer.groupMetadata().generationId() < 0) {
            health.starting("not a member of the consumer group yet");
        } else {
            health.up(topics.remark(consumer));
        }
    }

    /** Ends the threads; what they hold is delivered again at the next start. */
    @Override
    public void close() {
        queue.abort();
        workers.forEach(Thread::interrupt);
        opener.close();
        watch.close();
        ledgerWatch.close();
    }
}
