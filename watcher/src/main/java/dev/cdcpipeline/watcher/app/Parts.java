package dev.cdcpipeline.watcher.app;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;

import dev.cdcpipeline.model.Position;
import dev.cdcpipeline.model.wire.EventWriter;
import dev.cdcpipeline.platform.failure.Classifier;
import dev.cdcpipeline.platform.health.Health;
import dev.cdcpipeline.platform.retry.Retry;
import dev.cdcpipeline.watcher.capture.EventSource;
import dev.cdcpipeline.watcher.capture.LookUpStage;
import dev.cdcpipeline.watcher.capture.MongoRecognizer;
import dev.cdcpipeline.watcher.capture.PinnedServer;
import dev.cdcpipeline.watcher.capture.Scope;
import dev.cdcpipeline.watcher.capture.StartFrom;
import dev.cdcpipeline.watcher.capture.StreamDefinition;
import dev.cdcpipeline.watcher.capture.StreamReader;
import dev.cdcpipeline.watcher.checkpoint.Checkpoint;
import dev.cdcpipeline.watcher.checkpoint.CheckpointSaver;
import dev.cdcpipeline.watcher.checkpoint.CheckpointStore;
import dev.cdcpipeline.watcher.checkpoint.FileCheckpointStore;
import dev.cdcpipeline.watcher.checkpoint.Identity;
import dev.cdcpipeline.watcher.publish.AckTracker;
import dev.cdcpipeline.watcher.publish.Outbox;
import dev.cdcpipeline.watcher.publish.ProducerSettings;
import dev.cdcpipeline.watcher.publish.Publisher;
import dev.cdcpipeline.watcher.publish.TopicSettings;
import dev.cdcpipeline.watcher.publish.Topics;

import io.micrometer.core.instrument.MeterRegistry;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** Makes the Watcher and all its parts out of the settings. */
public final class Parts implements AutoCloseable {
    private final WatcherSettings settings;
    private final StopSignal stop = new StopSignal();
    private final Classifier classifier = new Classifier(new MongoRecognizer());
    private final Telemetry telemetry;
    private final Retry retry;
    private final StreamDefinition definition;
    private final MongoClient mongo;
    private final ProducerSettings kafka;
    private final Admin admin;
    private @Nullable CheckpointStore store;

    private Parts(WatcherSettings settings, MeterRegistry registry, Health health) {
        this.settings = settings;
        this.telemetry = new Telemetry(registry, health, stop);
        this.retry =
                new Retry(
                        settings.retry(),
                        classifier::reaction,
                        telemetry,
                        stop,
                        RandomGenerator.getDefault());
        this.definition =
                new StreamDefinition(
                        Scope.of(
                                settings.scope().include(),
                                settings.scope().exclude().orElse(List.of())),
                        settings.postImage(),
                        List.of(),
                        List.of(),
                        false);
        this.kafka =
                new ProducerSettings(
                        settings.kafka().bootstrapServers(),
                        settings.kafka().properties(),
                        settings.topic().maxMessageBytes().toInt());
        this.mongo = MongoClients.create(mongoSettings());
        this.admin = kafka.admin();
    }

    /**
     * Makes a Watcher; nothing is connected yet.
     *
     * @param settings checked settings
     * @param registry gets its metrics
     * @param health gets its components
     */
    public static Watcher watcher(WatcherSettings settings, MeterRegistry registry, Health health) {
        Parts parts = new Parts(settings, registry, health);
        return new Watcher(
                parts,
                parts.retry,
                parts.classifier,
                parts.stop,
                parts.telemetry,
                settings.shutdown().deadline().multipliedBy(4).dividedBy(5));
    }

    private MongoClientSettings mongoSettings() {
        return MongoClientSettings.builder()
                .applicationName("cdc-watcher")
                .applyToClusterSettings(
                        cluster -> cluster.serverSelectionTimeout(10, TimeUnit.SECONDS))
                .applyConnectionString(new ConnectionString(settings.mongodb().uri().reveal()))
                .applyToClusterSettings(cluster -> cluster.serverSelector(new PinnedServer()))
                .build();
    }

    /** Opens the store and loads the checkpoint, none at the very first start. */
    Optional<Checkpoint> loadCheckpoint() throws IOException {
        return openStore().load();
    }

    private CheckpointStore openStore() throws IOException {
        CheckpointStore opened = store;
        if (opened == null) {
            opened =
                    switch (settings.checkpoint().store()) {
                        case FILE -> FileCheckpointStore.open(settings.checkpoint().file().path());
                    };
            store = opened;
        }
        return opened;
    }

    /** Starts what saves the checkpoint. */
    CheckpointSaver saver() throws IOException {
        Identity identity =
                new Identity("", definition.scope().canonical(), definition.pipelineText());
        return new CheckpointSaver(
                        openStore(), identity, settings.checkpoint().interval(), telemetry)
                .start();
    }

    /** Starts a session after a position, or as configured when there is none. */
    Session session(Optional<Position> after, CheckpointSaver saver) {
        StartFrom start =
                after.<StartFrom>map(position -> new StartFrom.After(position.token()))
                        .orElseGet(() -> StartTime.parse(settings.start()));
        long generation =
                Math.max(settings.generation(), after.map(Position::generation).orElse(0L));
        AckTracker tracker =
                new AckTracker(
                        settings.publish().maxInFlightRecords(),
                        settings.publish().maxInFlightBytes().bytes());
        Producer<byte[], byte[]> producer = kafka.producer();
        Publisher publisher =
                new Publisher(
                        new Outbox(producer, tracker, classifier, telemetry),
                        new Topics(admin, topicSettings()),
                        new EventWriter(settings.wire().format()),
                        retry,
                        telemetry,
                        new Publisher.Source(definition.scope(), generation));
        EventSource source = source(start);
        return new Session(
                source,
                producer,
                new PublishLoop(source, publisher, tracker, saver, stop, telemetry));
    }

    private EventSource source(StartFrom start) {
        StreamReader.Recovery recovery = new StreamReader.Recovery(retry, classifier);
        StreamReader reader =
                new StreamReader(mongo, definition, start, limits(), recovery, telemetry).start();
        return switch (definition.postImage()) {
            case SERVER, REQUIRED, OFF -> reader;
            case BATCHED ->
                    new LookUpStage(
                                    reader,
                                    mongo,
                                    definition,
                                    recovery,
                                    settings.capture().aheadBytes().bytes(),
                                    telemetry)
                            .start();
        };
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
        try (mongo;
                admin) {
            if (store != null) {
                store.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
