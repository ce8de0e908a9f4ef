package dev.cdcpipeline.syncer.app;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.metrics.micrometer.MicrometerMetricsTrackerFactory;

import dev.cdcpipeline.kafka.ApplierClients;
import dev.cdcpipeline.kafka.KafkaAdmin;
import dev.cdcpipeline.kafka.KafkaErrors;
import dev.cdcpipeline.kafka.TopicAdmin;
import dev.cdcpipeline.model.wire.DocumentRenderer;
import dev.cdcpipeline.platform.failure.ExplainedException;
import dev.cdcpipeline.platform.health.Component;
import dev.cdcpipeline.platform.health.Health;
import dev.cdcpipeline.platform.health.Probe;
import dev.cdcpipeline.platform.lifecycle.DeferredService;
import dev.cdcpipeline.platform.lifecycle.Service;
import dev.cdcpipeline.platform.lifecycle.ServiceState;
import dev.cdcpipeline.platform.lifecycle.StopSignal;
import dev.cdcpipeline.platform.retry.Retry;
import dev.cdcpipeline.platform.retry.Sleeper;
import dev.cdcpipeline.syncer.consume.BatchLimits;
import dev.cdcpipeline.syncer.consume.ConsumerHealth;
import dev.cdcpipeline.syncer.consume.Consumption;
import dev.cdcpipeline.syncer.consume.GroupMembers;
import dev.cdcpipeline.syncer.consume.Intake;
import dev.cdcpipeline.syncer.consume.LossPolicy;
import dev.cdcpipeline.syncer.consume.PollBudget;
import dev.cdcpipeline.syncer.consume.Subscription;
import dev.cdcpipeline.syncer.consume.SyncerFailures;
import dev.cdcpipeline.syncer.consume.SyncerMeters;
import dev.cdcpipeline.syncer.consume.TopicCatalog;
import dev.cdcpipeline.syncer.consume.Workload;
import dev.cdcpipeline.syncer.consume.Writing;
import dev.cdcpipeline.syncer.deadletter.DeadLetterRate;
import dev.cdcpipeline.syncer.deadletter.DeadLetterTopic;
import dev.cdcpipeline.syncer.deadletter.DeadLetters;
import dev.cdcpipeline.syncer.deadletter.RetriedLetters;
import dev.cdcpipeline.syncer.plan.Planner;
import dev.cdcpipeline.syncer.schema.TableNames;
import dev.cdcpipeline.syncer.write.BatchStore;
import dev.cdcpipeline.syncer.write.BatchWriter;
import dev.cdcpipeline.syncer.write.DeletedRows;
import dev.cdcpipeline.syncer.write.ForgettingStore;
import dev.cdcpipeline.syncer.write.Ledger;
import dev.cdcpipeline.syncer.write.LedgerStore;
import dev.cdcpipeline.syncer.write.Sweeper;
import dev.cdcpipeline.syncer.write.Tables;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * The Syncer: from Kafka to PostgreSQL, exactly once. The constructor puts all parts together and
 * connects to nothing that must be there; {@link #run} waits for what is not.
 */
public final class Syncer implements Service {
    private static final Logger log = LoggerFactory.getLogger(Syncer.class);
    private static final Duration TURN = Duration.ofMinutes(1);
    private static final Duration CLOSING = Duration.ofSeconds(5);

    private final StopSignal stop = new StopSignal();
    private final StopSignal end = new StopSignal();
    private final Deque<AutoCloseable> resources = new ArrayDeque<>();
    private final Component databaseHealth;
    private final SyncerSettings settings;
    private final Health health;
    private final TopicCatalog catalog;
    private final GroupMembers members;
    private final LedgerStore ledgerStore;
    private final Retry reachingDatabase;
    private final Retry reachingKafka;
    private final PollBudget budget = new PollBudget();
    private final Consumer<ByteBuffer, ByteBuffer> consumer;
    private final Consumption consumption;
    private final Probe kafkaProbe;
    private final Probe databaseProbe;

    private Syncer(
            SyncerSettings settings, MeterRegistry registry, SyncerMeters meters, Health health) {
        this.settings = settings;
        this.health = health;
        this.databaseHealth = health.component("database");
        this.reachingDatabase = retry(settings, new Attempts(databaseHealth, meters), stop);
        this.reachingKafka = retry(settings, new Attempts(health.component("kafka"), meters), stop);

        HikariDataSource pool = own(TargetPool.open(settings.postgresql(), settings.workers()));
        pool.setMetricsTrackerFactory(new MicrometerMetricsTrackerFactory(registry));
        ApplierClients kafka = kafka(settings);
        KafkaAdmin admin = admin(kafka);
        this.consumer = consumer(kafka, registry);

        this.catalog = new TopicCatalog(admin);
        this.members =
                new GroupMembers(admin.groups(), settings.kafka().group(), kafka.afterlife(), stop);
        this.kafkaProbe = own(new Probe(health, "kafka", catalog::brokers, end));
        this.databaseProbe =
                own(
                        new Probe(
                                health,
                                "postgresql",
                                () -> TargetPool.ask(settings.postgresql(), pool),
                                end));
        this.ledgerStore = new LedgerStore(pool, ledger());
        var retry = retry(settings, new Attempts(databaseHealth, meters), end);
        this.consumption =
                own(
                        new Consumption(
                                new Intake(consumer, budget),
                                subscription(settings),
                                place(retry, meters),
                                workload(settings),
                                writing(
                                        pool,
                                        letters(kafka, admin.topics(), meters),
                                        retry,
                                        meters),
                                meters,
                                consumerHealth()));
    }

    private ConsumerHealth consumerHealth() {
        return new ConsumerHealth(
                health.component("consumer"),
                health.heartbeat("syncer-poll-loop", TURN),
                settings.stallTimeout());
    }

    /** Returns the Kafka clients of a Syncer. */
    public static ApplierClients kafka(SyncerSettings settings) {
        SourceSettings source = settings.kafka();
        return new ApplierClients(
                source.connection(),
                source.group(),
                source.maxPollRecords(),
                source.discoveryInterval(),
                settings.queue().maxBytes().bytes());
    }

    private Consumption.Place place(Retry askingDatabase, SyncerMeters meters) {
        return new Consumption.Place(
                catalog,
                ledgerStore,
                policy(settings.onLoss()),
                retry(settings, new Attempts(health.component("kafka"), meters), end),
                askingDatabase,
                settings.kafka().discoveryInterval());
    }

    private Writing writing(
            HikariDataSource pool, DeadLetters letters, Retry retry, SyncerMeters meters) {
        TableNames names = names(settings.table());
        return new Writing(
                () -> planner(names),
                new HealthyStore(
                        writer(pool, names, meters), databaseHealth, health, settings.postgresql()),
                letters,
                rate(settings.deadLetter()),
                retry,
                catalog::partitions);
    }

    /**
     * A Syncer that is made as soon as the name of one broker has an address: Kafka's clients
     * cannot be made before. It waits for that as for a broker that does not answer.
     *
     * @param settings all settings
     * @param registry where the meters go
     * @param health where the components report: {@code consumer}, {@code database}, {@code
     *     dead-letters}, and the servers
     * @throws dev.cdcpipeline.platform.config.ConfigurationException when settings do not fit each
     *     other
     */
    public static Service service(SyncerSettings settings, MeterRegistry registry, Health health) {
        Checks.run(settings);
        health.measure(registry);
        var meters = new SyncerMeters(registry, InstantSource.system());
        var stop = new StopSignal();
        ApplierClients kafka = kafka(settings);
        Retry retry = retry(settings, new Attempts(health.component("kafka"), meters), stop);
        health.component("consumer").starting("Kafka is looked for");
        health.lifecycle().enter(new ServiceState.Waiting("looking for a Kafka broker"));
        return new DeferredService(
                stop,
                health.lifecycle(),
                () -> retry.run("looking for Kafka", kafka::requireAddress),
                () -> made(settings, registry, meters, health));
    }

    private static Syncer made(
            SyncerSettings settings, MeterRegistry registry, SyncerMeters meters, Health health)
            throws ExplainedException {
        try {
            return new Syncer(settings, registry, meters, health);
        } catch (KafkaException e) {
            throw KafkaErrors.clientCreationFailed("syncer.kafka", e);
        }
    }

    /**
     * While Kafka is away, questions to it are open nearly always: a stop waits little for them.
     */
    private KafkaAdmin admin(ApplierClients kafka) {
        KafkaAdmin made = kafka.admin();
        resources.push(() -> made.close(CLOSING));
        return made;
    }

    private Consumer<ByteBuffer, ByteBuffer> consumer(
            ApplierClients kafka, MeterRegistry registry) {
        Consumer<ByteBuffer, ByteBuffer> made = kafka.consumer(budget.keys(), budget.values());
        resources.push(() -> made.close(CloseOptions.timeout(CLOSING)));
        own(new KafkaClientMetrics(made)).bindTo(registry);
        return made;
    }

    private Ledger ledger() {
        return new Ledger(settings.kafka().group());
    }

    private BatchStore writer(HikariDataSource pool, TableNames names, SyncerMeters meters) {
        String group = settings.kafka().group();
        var tables = new Tables(group, settings.onLoss().tableDropped(), names::owner);
        var sweeper =
                new Sweeper(
                        group, settings.sweep(), tables, catalog::partitions, meters::sweepIgnored);
        Duration keep = settings.tombstones();
        var deleted = new DeletedRows(group, !keep.isZero(), System::nanoTime);
        var writer =
                new BatchWriter(
                        pool, ledger(), tables, sweeper, deleted, settings.batch().copyFrom());
        return new ForgettingStore(writer, pool, group, keep, System::nanoTime);
    }

    private static DeadLetterRate rate(SyncerSettings.DeadLetter settings) {
        return new DeadLetterRate(settings.window(), settings.maxShare());
    }

    private DeadLetters letters(ApplierClients kafka, TopicAdmin admin, SyncerMeters meters) {
        Component letterHealth = health.component("dead-letters");
        letterHealth.up(); // until one cannot be written: there may never be any
        Producer<byte[], byte[]> producer = kafka.deadLetterProducer();
        resources.push(() -> producer.close(CLOSING));
        var topic =
                new DeadLetterTopic(
                        admin, producer, settings.deadLetter().topic(), InstantSource.system());
        return new RetriedLetters(topic, retry(settings, new Attempts(letterHealth, meters), end));
    }

    private <T extends AutoCloseable> T own(T resource) {
        resources.push(resource);
        return resource;
    }

    private static Retry retry(SyncerSettings settings, Attempts attempts, Sleeper sleeper) {
        return new Retry(
                settings.retry(),
                SyncerFailures.classifier()::reaction,
                attempts,
                sleeper,
                RandomGenerator.getDefault());
    }

    private static LossPolicy policy(LossSettings settings) {
        return new LossPolicy(
                settings.offsetGone(),
                settings.ledgerAhead(),
                settings.topicRecreated(),
                settings.partitionsAdded());
    }

    private static TableNames names(SyncerSettings.Table settings) {
        return new TableNames(settings.schema(), settings.name(), settings.overrides());
    }

    private Planner planner(TableNames names) {
        DocumentRenderer renderer =
                switch (settings.doc().format()) {
                    case PLAIN -> DocumentRenderer.plain();
                    case EXTENDED -> DocumentRenderer.extended();
                };
        return new Planner(names, renderer::renderFrugally, settings.batch().maxBytes().bytes());
    }

    /** Never the dead letters: copies, which would be applied or set aside again and again. */
    private static Subscription subscription(SyncerSettings settings) {
        SourceSettings kafka = settings.kafka();
        return kafka.topicPattern()
                .<Subscription>map(
                        pattern ->
                                Subscription.Matching.butLetters(
                                        Pattern.compile(pattern), settings.deadLetter().topic()))
                .orElseGet(() -> new Subscription.Topics(kafka.topics().orElseThrow()));
    }

    private static Workload workload(SyncerSettings settings) {
        BatchSettings batch = settings.batch();
        var limits =
                new BatchLimits(
                        batch.maxRecords(),
                        batch.maxWait(),
                        batch.whenIdle(),
                        batch.backlogRecords(),
                        batch.maxBytes().bytes());
        return new Workload(settings.workers(), limits, settings.queue().maxBytes().bytes());
    }

    @Override
    public void run() throws Exception {
        try {
            runUntilStopped();
        } finally {
            stop.requireNoDeath();
        }
    }

    private void runUntilStopped() throws Exception {
        try {
            health.lifecycle().enter(new ServiceState.Connecting());
            connect();
            health.lifecycle().enter(new ServiceState.Streaming());
            consumption.start();
            while (!stop.isRequested()) {
                consumption.turn();
            }
            health.lifecycle().enter(new ServiceState.Draining());
            consumption.drain();
        } catch (InterruptedException e) {
            if (!stop.isRequested()) {
                throw e;
            }
        } catch (Exception e) {
            throw SyncerErrors.explainer(settings).explained(e);
        }
    }

    private void connect() throws Exception {
        reachingDatabase.run("connecting to PostgreSQL", databaseProbe::ask);
        reachingDatabase.run(
                "setting up a session", () -> TargetPool.trySession(settings.postgresql()));
        reachingDatabase.run("preparing the ledger", ledgerStore::prepare);
        var extent = reachingDatabase.call("reading the ledger", ledgerStore::extent);
        databaseHealth.up();
        log.info("{}", StartLine.of(settings, extent));
        reachingKafka.run("connecting to Kafka", kafkaProbe::ask);
        int brokers = reachingKafka.call("counting the brokers", catalog::brokers);
        HeapNeed.warning(settings, brokers, Runtime.getRuntime().maxMemory()).ifPresent(log::warn);
        reachingKafka.run("looking at the consumer group", members::requireOwn);
        kafkaProbe.start(stop::died);
        databaseProbe.start(stop::died);
    }

    @Override
    public void stop() {
        stop.request();
        consumer.wakeup();
    }

    @Override
    public void close() {
        end.request();
        for (AutoCloseable resource : resources) {
            try {
                resource.close();
            } catch (Exception e) {
                log.warn("Closing {} failed", resource.getClass().getSimpleName(), e);
            }
        }
    }
}
