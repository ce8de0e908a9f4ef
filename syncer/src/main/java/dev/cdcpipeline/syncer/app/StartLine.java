package dev.cdcpipeline.syncer.app;

import dev.cdcpipeline.platform.lifecycle.Version;
import dev.cdcpipeline.platform.secret.Redaction;
import dev.cdcpipeline.syncer.write.LedgerStore;

/** The one line with which a Syncer says what it is and what it will do. */
final class StartLine {
    private StartLine() {}

    /** Version, topics, destination, and where it begins. */
    static String of(SyncerSettings settings, LedgerStore.Extent known) {
        SourceSettings source = settings.kafka();
        return "syncer %s: applies %s as group %s to %s (schema %s, table %s); %s"
                .formatted(
                        Version.text(),
                        source.topicPattern()
                                .map(pattern -> "topics matching " + pattern)
                                .orElseGet(() -> "topics " + source.topics().orElseThrow()),
                        source.group(),
                        Redaction.redact(settings.postgresql().url()),
                        settings.table().schema(),
                        settings.table().name(),
                        known.partitions() == 0
                                ? "the ledger knows none yet: starts with the first record of each"
                                : "goes on at the ledger's places in %d partitions of %d topics, applied %s last"
                                        .formatted(
                                                known.partitions(), known.topics(), known.last()));
    }
}
