package dev.cdcpipeline.syncer.consume;

import dev.cdcpipeline.platform.health.Component;
import dev.cdcpipeline.platform.retry.Retry;
import dev.cdcpipeline.syncer.plan.RecordBlocks;
import dev.cdcpipeline.syncer.write.LedgerStore;

import org.apache.kafka.clients.consumer.Consumer;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The poll loop with its workers, from the subscription to the last commit: {@link #start}, {@link
 * #turn} again and again, {@link #drain}, all on one thread.
 */
public final class Consumption implements AutoCloseable {
    private static final Duration COMMIT_INTERVAL = Duration.ofSeconds(1);

    /** A database that went back is noticed within this time; sooner if topics are looked at so. */
    private static final Duration LEDGER_INTERVAL = Duration.ofSeconds(5);

    private final Consumer<ByteBuffer, ByteBuffer> consumer;
    private final Subscription subscription;
    private final MissingTopicsWarning topics;
    private final Claims claims;
    private final PollLoop loop;
    private final LedgerOpener opener;
    private final PeriodicLook topicWatch;
    private final PeriodicLook ledgerWatch;
    private final Backlog backlog;
    private final WorkQueue queue;
    private final SyncerMeters meters;
    private final Inbox inbox = new Inbox();
    private final ConsumerHealth health;
    private final Stalls stalls;
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
     * @param health what is told of it
     */
    public Consumption(
            Intake intake,
            Subscription subscription,
            Place place,
            Workload plan,
            Writing writing,
            SyncerMeters meters,
            ConsumerHealth health) {
        this.consumer = intake.consumer();
        this.subscription = subscription;
        this.topics = new MissingTopicsWarning(subscription);
        this.meters = meters;
        this.health = health;
        this.queue = new WorkQueue(plan, System::nanoTime);
        var atWork = new ArrayList<AtWork>();
        var strayLetters = new StrayLetters(meters);
        for (int i = 0; i < plan.workers(); i++) {
            var applier = new Applier(writing, inbox, meters, strayLetters);
            atWork.add(applier.atWork());
            workers.add(
                    Thread.ofPlatform()
                            .name("syncer-worker-" + i)
                            .unstarted(new Worker(queue, applier, inbox)));
        }
        var offsets = new OffsetCommitter(COMMIT_INTERVAL, System::nanoTime);
        this.opener = new LedgerOpener(place, inbox, meters);
        var guard = new TopicGuard(place.ledger(), place.policy());
        this.topicWatch =
                new PeriodicLook(
                        "syncer-topics",
                        new TopicWatch(place.catalog(), guard, inbox),
                        place.lookEvery(),
                        System::nanoTime);
        this.ledgerWatch =
                new PeriodicLook(
                        "syncer-ledger",
                        new LedgerWatch(place.ledger()::nextOffsets, inbox),
                        shorter(place.lookEvery(), LEDGER_INTERVAL),
                        System::nanoTime);
        this.claims = new Claims(consumer, queue, opener, offsets);
        this.backlog = new Backlog(meters, System::nanoTime);
        var blocks = new RecordBlocks(plan.queueBytes());
        this.loop = new PollLoop(intake, claims, queue, inbox, offsets, meters, blocks);
        this.stalls =
                new Stalls(atWork, writing.store(), inbox, health.stallTimeout(), System::nanoTime);
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

    /** Subscribes, and lets the workers begin. */
    public void start() {
        workers.forEach(Thread::start);
        subscription.subscribe(consumer, claims);
    }

    /**
     * One turn: at most one poll, whose records go to the workers.
     *
     * @throws Exception if the service cannot go on
     */
    public void turn() throws Exception {
        loop.runOnce();
        topicWatch.lookIfDue(claims::open);
        ledgerWatch.lookIfDue(claims::open);
        backlog.measureIfDue(consumer, claims);
        health.heartbeat().beat();
        report(stalls.look(claims.all(), loop.heldBack()));
    }

    /**
     * Writes what is under way, and commits its offsets.
     *
     * @throws Exception if that is not possible
     */
    public void drain() throws Exception {
        health.heartbeat().close(); // the shutdown has a deadline of its own
        stalls.close();
        loop.drain();
    }

    /**
     * A member of the group is ready, also with no partitions: there may be no topic yet, or others
     * have them all and it stands by. Else a rollout would wait for it for ever.
     */
    private void report(Stalls.Found stalled) {
        Component component = health.component();
        meters.stalled(stalled.partitions());
        if (!stalled.reason().isEmpty()) {
            component.down(stalled.reason());
        } else if (consumer.groupMetadata().generationId() < 0) {
            component.starting("not a member of the consumer group yet");
        } else {
            component.up(topics.remark(consumer));
        }
    }

    /** Ends the threads; what they hold is delivered again at the next start. */
    @Override
    public void close() {
        stalls.close();
        queue.abort();
        workers.forEach(Thread::interrupt);
        opener.close();
        topicWatch.close();
        ledgerWatch.close();
    }
}
