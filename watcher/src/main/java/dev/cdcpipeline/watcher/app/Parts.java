package dev.cdcpipeline.watcher.app;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCluster;

import dev.cdcpipeline.kafka.KafkaAdmin;
import dev.cdcpipeline.kafka.KafkaErrors;
import dev.cdcpipeline.kafka.PublisherClients;
import dev.cdcpipeline.model.wire.EventWriter;
import dev.cdcpipeline.mongodb.ClusterInfo;
import dev.cdcpipeline.mongodb.OplogWindow;
import dev.cdcpipeline.platform.failure.Classifier;
import dev.cdcpipeline.platform.failure.ExplainedException;
import dev.cdcpipeline.platform.health.Health;
import dev.cdcpipeline.platform.health.Probe;
import dev.cdcpipeline.platform.lifecycle.DeferredService;
import dev.cdcpipeline.platform.lifecycle.Service;
import dev.cdcpipeline.platform.lifecycle.ServiceState;
import dev.cdcpipeline.platform.lifecycle.StopSignal;
import dev.cdcpipeline.platform.retry.Retry;
import dev.cdcpipeline.watcher.capture.Endings;
import dev.cdcpipeline.watcher.capture.EventProbe;
import dev.cdcpipeline.watcher.capture.EventSource;
import dev.cdcpipeline.watcher.capture.LookUpStage;
import dev.cdcpipeline.watcher.capture.Scope;
import dev.cdcpipeline.watcher.capture.ShardedEndings;
import dev.cdcpipeline.watcher.capture.StartFrom;
import dev.cdcpipeline.watcher.capture.StreamDefinition;
import dev.cdcpipeline.watcher.capture.StreamReader;
import dev.cdcpipeline.watcher.checkpoint.Checkpoint;
import dev.cdcpipeline.watcher.checkpoint.CheckpointSaver;
import dev.cdcpipeline.watcher.checkpoint.Identity;
import dev.cdcpipeline.watcher.checkpoint.Lease;
import dev.cdcpipeline.watcher.publish.AckTracker;
import dev.cdcpipeline.watcher.publish.LargeRecords;
import dev.cdcpipeline.watcher.publish.Outbox;
import dev.cdcpipeline.watcher.publish.Publisher;
import dev.cdcpipeline.watcher.publish.StallWatch;
import dev.cdcpipeline.watcher.publish.StreamIds;
import dev.cdcpipeline.watcher.publish.TopicSettings;
import dev.cdcpipeline.watcher.publish.TopicTails;
import dev.cdcpipeline.watcher.publish.Topics;

import io.micrometer.core.instrument.MeterRegistry;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** Makes the Watcher and all its parts out of the settings. */
public final class Parts implements AutoCloseable {
    private static final ClusterInfo NO_CLUSTER = new ClusterInfo("", false, false);
    private static final Duration OPLOG_INTERVAL = Duration.ofSeconds(30);

    private final WatcherSettings settings;
    private final StopSignal stop;
    private final Classifier classifier;
    private final Telemetry telemetry;
    private final Retry retry;
    private volatile StreamDefinition definition;
    private volatile ClusterInfo cluster = NO_CLUSTER;
    private @Nullable Beginnings beginnings;
    private final DriverMetrics drivers;
    private final ConnectionString uri;
    private final MongoClient mongo;
    private final PublisherClients kafka;
    private final KafkaAdmin admin;
    private final Stores stores;
    private final Topics topics;
    private final Thread window;
    private final Probe kafkaProbe;

    /**
     * How failures are told of and tried again.
     *
     * @param stop ends the waits between attempts
     */
    private record Patience(
            Telemetry telemetry, Classifier classifier, Retry retry, StopSignal stop) {

        static Patience of(WatcherSettings settings, MeterRegistry registry, Health health) {
            var stop = new StopSignal();
            var telemetry =
                    new Telemetry(
                            registry,
                            health,
                            stop,
                            new Deadlines(
                                    settings.retry().max(),
                                    settings.capture().await(),
                                    settings.capture().answerTimeout(),
                                    settings.capture().lookUpTimeout()));
            var classifier = WatcherErrors.classifier();
            var retry =
                    new Retry(
                            settings.retry(),
                            classifier::reaction,
                            telemetry,
                            stop,
                            RandomGenerator.getDefault());
            return new Patience(telemetry, classifier, retry, stop);
        }
    }

    private Parts(
            WatcherSettings settings, MeterRegistry registry, Health health, Patience patience) {
        this.settings = settings;
        this.stop = patience.stop();
        this.classifier = patience.classifier();
        this.telemetry = patience.telemetry();
        this.retry = patience.retry();
        this.kafka = kafka(settings);
        this.drivers = new DriverMetrics(registry);
        this.uri = SourceClient.uri(settings);
        this.mongo = MongoClients.create(mongoSettings());
        this.admin = kafka.admin();
        this.stores = new Stores(settings, telemetry);
        this.definition = definition(cluster);
        this.topics = new Topics(admin, topicSettings());
        this.window = new Thread(this::watchOplog, "watcher-oplog-window");
        this.kafkaProbe = new Probe(health, "kafka", topics::ask, stop);
    }

    private StreamDefinition definition(ClusterInfo features) {
        WatcherSettings.ScopeSettings scope = settings.scope();
        return new StreamDefinition(
                Scope.of(scope.include(), scope.exclude().orElse(List.of())),
                settings.postImage(),
                scope.excludeFields().orElse(List.of()),
                scope.pipeline().map(Checks::stages).orElse(List.of()),
                features.splitsLargeEvents(),
                features.sharded());
    }

    /** Returns the Kafka clients of a Watcher. */
    public static PublisherClients kafka(WatcherSettings settings) {
        return new PublisherClients(settings.kafka(), settings.topic().maxMessageBytes().toInt());
    }

    /**
     * A Watcher that is made as soon as the name of one broker has an address: Kafka's clients
     * cannot be made before. It waits for that as for a broker that does not answer.
     *
     * @param settings checked settings
     * @param registry gets its metrics
     * @param health gets its components
     * @throws dev.cdcpipeline.platform.config.ConfigurationException when settings do not fit each
     *     other
     */
    public static Service watcher(WatcherSettings settings, MeterRegistry registry, Health health) {
        Checks.run(settings);
        Patience patience = Patience.of(settings, registry, health);
        Probe kafka = new Probe(health, "kafka", kafka(settings)::requireAddress, patience.stop());
        health.lifecycle().enter(new ServiceState.Waiting("looking for a Kafka broker"));
        return new DeferredService(
                patience.stop(),
                health.lifecycle(),
                () -> patience.retry().run("kafka", kafka::ask),
                () -> made(settings, registry, health, patience));
    }

    private static Watcher made(
            WatcherSettings settings, MeterRegistry registry, Health health, Patience patience)
            throws ExplainedException {
        try {
            return new Watcher(
                    new Parts(settings, registry, health, patience),
                    patience.retry(),
                    patience.classifier(),
                    patience.stop(),
                    patience.telemetry(),
                    health.lifecycle(),
                    settings.shutdown().deadline().multipliedBy(4).dividedBy(5));
        } catch (KafkaException e) {
            throw KafkaErrors.clientCreationFailed("watcher.kafka", e);
        }
    }

    private MongoClientSettings mongoSettings() {
        MongoClientSettings.Builder client = SourceClient.settings(settings, uri, "cdc-watcher");
        drivers.measure(client);
        return client.build();
    }

    /** Gets to know the cluster. Called once, before everything else. */
    void connect() throws Exception {
        ClusterInfo found = retry.call("mongodb", () -> ClusterInfo.read(mongo));
        retry.run("kafka", kafkaProbe::ask);
        cluster = found;
        definition = definition(found);
        Identity identity =
                new Identity(
                        found.identity(),
                        definition.scope().canonical(),
                        definition(NO_CLUSTER).pipelineText());
        stores.belongTo(identity);
        beginnings = beginnings(new StreamIds(identity.captured(), RandomGenerator.getDefault()));
        window.setDaemon(true);
        window.setUncaughtExceptionHandler((_, cause) -> stop.died(cause));
        window.start();
        kafkaProbe.start(stop::died);
    }

    private Beginnings beginnings(StreamIds streams) {
        var tails =
                new TopicTails(
                        kafka,
                        settings.topic().prefix(),
                        definition.scope()::covers,
                        streams,
                        telemetry);
        var firstStart =
                new FirstStart(
                        settings,
                        retry,
                        tails,
                        new EventProbe(mongo, definition),
                        streams,
                        new FirstStartRefusals(stores.place(), settings.generation()));
        return new Beginnings(settings, stores.place(), streams, firstStart);
    }

    /** Where sessions begin; once the cluster is known. */
    Beginnings beginnings() {
        return Objects.requireNonNull(beginnings);
    }

    private void watchOplog() {
        OplogWindow oplog = new OplogWindow(mongo);
        try {
            while (!stop.isRequested()) {
                oplog.oldest().ifPresent(telemetry::oldestInOplog);
                stop.sleep(OPLOG_INTERVAL);
            }
        } catch (InterruptedException stopping) {
            // Nothing is left to do.
        }
    }

    /** Who leads among Watchers with this name. */
    Leadership leadership() throws Exception {
        Lease lease = retry.call("checkpoint", stores::lease);
        Duration turn = settings.checkpoint().redis().lease().dividedBy(3);
        return new Leadership(lease, turn, retry, stop, telemetry);
    }

    /** Loads the checkpoint, none at the very first start. */
    Optional<Checkpoint> loadCheckpoint() throws IOException {
        return stores.load();
    }

    /** What the Watcher is and will do, for the log. */
    String startLine(Beginning beginning) {
        return StartLine.of(settings, cluster.identity(), beginning);
    }

    /** Starts what saves the checkpoint. */
    CheckpointSaver saver() throws IOException {
        return stores.saver();
    }

    /** Says in the log what the topics that exist already are too small for. */
    void checkTopics() throws Exception {
        retry.run("topic", () -> topics.checkExisting(definition.scope()::covers));
    }

    /** The failure with an explanation for the operator, where there is one. */
    Exception explained(Exception failure) {
        return WatcherErrors.explainer(settings, uri).explained(failure);
    }

    /** Starts a session. */
    Session session(Beginning beginning, CheckpointSaver saver, Leadership leadership)
            throws UnknownHostException {
        AckTracker tracker =
                new AckTracker(
                        settings.publish().maxInFlightRecords(),
                        settings.publish().maxInFlightBytes().bytes());
        telemetry.tracks(tracker);
        kafka.requireAddress();
        Producer<byte[], byte[]> producer = kafka.producer();
        topics.forget();
        Outbox outbox = new Outbox(producer, tracker, classifier, telemetry);
        Publisher publisher =
                new Publisher(
                        outbox,
                        topics,
                        new EventWriter(settings.wire().format()),
                        retry,
                        telemetry,
                        new Publisher.Source(
                                definition.scope(),
                                endings(),
                                beginning.generation(),
                                largeRecords(),
                                beginnings().headers(beginning)));
        EventSource source = source(beginning.from());
        var progress = new PublishLoop.Progress(tracker, saver, settings.checkpoint().maxUnsaved());
        return new Session(
                source,
                producer,
                drivers.measure(producer),
                new StallWatch(
                                outbox,
                                topics,
                                settings.publish().stallTimeout(),
                                classifier,
                                telemetry)
                        .start(),
                new PublishLoop(source, publisher, progress, leadership, stop, telemetry));
    }

    private Endings endings() {
        return cluster.sharded() ? new ShardedEndings(impatient()) : Endings.atTheirWord();
    }

    private LargeRecords largeRecords() {
        return new LargeRecords(
                kafka.largestRecord(),
                settings.publish().tooLarge(),
                settings.publish().deadLetterTopic(),
                topics,
                retry,
                telemetry);
    }

    private EventSource source(StartFrom start) {
        StreamReader.Recovery recovery = new StreamReader.Recovery(retry, classifier);
        StreamReader reader =
                new StreamReader(mongo, definition, start, limits(), recovery, telemetry.capture())
                        .start();
        if (!definition.postImage().looksUp() && !cluster.sharded()) {
            return reader;
        }
        long ahead = settings.capture().aheadBytes().bytes();
        telemetry.capture().looksUp();
        return new LookUpStage(
                        reader, impatient(), definition, recovery, ahead, telemetry.capture())
                .start();
    }

    /** For questions that hold up the stream while they are not answered. */
    private MongoCluster impatient() {
        return mongo.withTimeout(
                settings.capture().lookUpTimeout().toMillis(), TimeUnit.MILLISECONDS);
    }

    private TopicSettings topicSettings() {
        return new TopicSettings(
                settings.topic().prefix(),
                settings.topic().partitions(),
                settings.topic().replication(),
                settings.topic().maxMessageBytes().toInt());
    }

    private StreamReader.Limits limits() {
        return new StreamReader.Limits(
                settings.capture().batchEvents(),
                settings.capture().batchBytes().bytes(),
                settings.capture().aheadBytes().bytes(),
                settings.capture().await());
    }

    @Override
    public void close() {
        stop.request();
        try (mongo;
                admin;
                stores) {
            kafkaProbe.close();
            window.interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
