package dev.cdcpipeline.cli.doctor;

import dev.cdcpipeline.syncer.app.SyncerSettings;
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
        new MongoDoctor(settings, findings).examine(limit);
        Optional<KafkaDoctor> connected =
                KafkaDoctor.connect(settings.kafka(), "watcher.kafka", findings, limit);
        if (connected.isPresent()) {
            try (KafkaDoctor kafka = connected.get()) {
                new TargetTopics(settings, kafka, findings).examine();
            } catch (ExecutionException e) {
                findings.wrong("Kafka topics", Reason.of(e), "see watcher.kafka");
            }
        }
        switch (settings.checkpoint().store()) {
            case FILE -> new FileDoctor(settings.checkpoint().file().path(), findings).examine();
            case REDIS -> new RedisDoctor(settings, findings).examine();
        }
        PortDoctor.examine(settings.http(), "watcher", findings);
    }

    /** Examines what a Syncer needs: Kafka and PostgreSQL. */
    public void examine(SyncerSettings settings) throws InterruptedException {
        Optional<KafkaDoctor> connected =
                KafkaDoctor.connect(settings.kafka(), "syncer.kafka", findings, limit);
        if (connected.isPresent()) {
            try (KafkaDoctor kafka = connected.get()) {
                new SourceTopics(settings, kafka, findings).examine();
            } catch (ExecutionException e) {
                findings.wrong("Kafka topics", Reason.of(e), "see syncer.kafka");
            }
        }
        new PostgresDoctor(settings, findings).examine(limit);
        PortDoctor.examine(settings.http(), "syncer", findings);
    }
}
