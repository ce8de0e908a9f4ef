package dev.cdcpipeline.cli.doctor;

import com.mongodb.ConnectionString;

import dev.cdcpipeline.kafka.KafkaClients;
import dev.cdcpipeline.platform.failure.Explainer;
import dev.cdcpipeline.syncer.app.Syncer;
import dev.cdcpipeline.syncer.app.SyncerErrors;
import dev.cdcpipeline.syncer.app.SyncerSettings;
import dev.cdcpipeline.watcher.app.Parts;
import dev.cdcpipeline.watcher.app.SourceClient;
import dev.cdcpipeline.watcher.app.WatcherErrors;
import dev.cdcpipeline.watcher.app.WatcherSettings;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/**
 * Tries each server that a service needs, as that service would, and changes nothing on it. Blocks
 * for a few seconds for each server that does not answer.
 */
public final class Doctor {
    private final Findings findings;
    private final Duration limit;

    /**
     * @param findings takes what is found
     * @param limit how long to wait for an answer
     */
    public Doctor(Findings findings, Duration limit) {
        this.findings = findings;
        this.limit = limit;
    }

    /** Examines what a Watcher needs: MongoDB, Kafka, and where the checkpoint is kept. */
    public void examine(WatcherSettings settings) throws InterruptedException {
        ConnectionString uri = SourceClient.uri(settings);
        Explainer explainer = WatcherErrors.explainer(settings, uri);
        new MongoDoctor(settings, uri, explainer, findings).examine(limit);
        examineKafka(
                Parts.kafka(settings),
                "watcher.kafka",
                explainer,
                kafka -> new TargetTopics(settings, kafka, findings).examine());
        switch (settings.checkpoint().store()) {
            case FILE -> new FileDoctor(settings.checkpoint().file().path(), findings).examine();
            case REDIS -> new RedisDoctor(settings, explainer, findings).examine();
        }
        PortDoctor.examine(settings.http(), "watcher", findings);
    }

    /** Examines what a Syncer needs: Kafka and PostgreSQL. */
    public void examine(SyncerSettings settings) throws InterruptedException {
        Explainer explainer = SyncerErrors.explainer(settings);
        examineKafka(
                Syncer.kafka(settings),
                "syncer.kafka",
                explainer,
                kafka -> new SourceTopics(settings, kafka, findings).examine());
        new PostgresDoctor(settings, explainer, findings).examine(limit);
        PortDoctor.examine(settings.http(), "syncer", findings);
    }

    /** What a service asks of the topics. */
    private interface Topics {
        void examine(KafkaDoctor kafka) throws ExecutionException, InterruptedException;
    }

    private void examineKafka(KafkaClients clients, String key, Explainer explainer, Topics topics)
            throws InterruptedException {
        Optional<KafkaDoctor> connected =
                KafkaDoctor.connect(clients, key, explainer, findings, limit);
        if (connected.isPresent()) {
            try (KafkaDoctor kafka = connected.get()) {
                topics.examine(kafka);
            } catch (ExecutionException e) {
                findings.wrong("Kafka topics", Reason.of(e), "see " + key);
            }
        }
    }
}
