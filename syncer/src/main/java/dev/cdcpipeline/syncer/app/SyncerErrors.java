package dev.cdcpipeline.syncer.app;

import dev.cdcpipeline.kafka.KafkaErrors;
import dev.cdcpipeline.platform.failure.Explainer;
import dev.cdcpipeline.postgresql.Identifiers;
import dev.cdcpipeline.postgresql.PostgresErrors;

import java.util.Map;

/** The error catalogues of a Syncer, and what it fills into their explanations. */
public final class SyncerErrors {
    private SyncerErrors() {}

    /** An explainer for one Syncer. */
    public static Explainer explainer(SyncerSettings settings) {
        return new Explainer(
                Map.of(
                        "kafka",
                        "syncer.kafka",
                        "topicOperations",
                        "--operation Describe --operation Read (for the dead-letter topic: Create, Describe, Write)",
                        "postgresql",
                        "syncer.postgresql",
                        "role",
                        Identifiers.quote(settings.postgresql().user())),
                new PostgresErrors(),
                new KafkaErrors());
    }
}
