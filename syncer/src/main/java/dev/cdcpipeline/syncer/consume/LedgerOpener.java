package dev.cdcpipeline.syncer.consume;

import dev.cdcpipeline.platform.retry.Retry;
import dev.cdcpipeline.syncer.plan.Progress;
import dev.cdcpipeline.syncer.write.KnownTopic;
import dev.cdcpipeline.syncer.write.LedgerStore;

import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Reads the ledger of newly owned partitions on threads of its own, compares it with what Kafka has
 * (I5), and reports where they start.
 */
final class LedgerOpener implements Opener, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LedgerOpener.class);

    private final TopicCatalog catalog;
    private final LedgerStore ledger;
    private final TopicGuard guard;
    private final LossPolicy policy;
    private final Retry askingKafka;
    private final Retry askingDatabase;
    private final Inbox inbox;
    // Each on its own: partitions of a topic that Kafka cannot tell of now keep no others waiting.
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(
                    Thread.ofPlatform().name("syncer-opener").daemon().factory());

    LedgerOpener(Consumption.Place place, Inbox inbox) {
        this.catalog = place.catalog();
        this.ledger = place.ledger();
        this.guard = new TopicGuard(ledger, place.policy());
        this.policy = place.policy();
        this.askingKafka = place.askingKafka();
        this.askingDatabase = place.askingDatabase();
        this.inbox = inbox;
    }

    @Override
    public void open(Collection<Claim> claims) {
        var _ = threads.submit(() -> openNow(claims));
    }

    private void openNow(Collection<Claim> claims) {
        var waiting = new ArrayList<>(claims);
        try {
            while (!waiting.isEmpty()) {
                var extents =
                        askingKafka.call("asking Kafka what it holds", () -> extents(waiting));
                askingDatabase.run("reading the ledger", () -> open(waiting, extents));
            }
        } catch (Throwable e) { // else the partitions would stay paused, and nobody know
            inbox.put(new Report.Failed(e));
        }
    }

    /** What Kafka holds of those that it can tell of: they must not wait for the others. */
    private Map<TopicPartition, TopicCatalog.Extent> extents(List<Claim> waiting) throws Exception {
        waiting.removeIf(Claim::hasEnded); // as its topic went away, perhaps
        if (waiting.isEmpty()) {
            return Map.of();
        }
        TopicCatalog.Extents extents =
                catalog.extents(waiting.stream().map(Claim::partition).toList());
        if (extents.known().isEmpty() && extents.failure() != null) {
            throw extents.failure();
        }
        return extents.known();
    }

    private void open(List<Claim> waiting, Map<TopicPartition, TopicCatalog.Extent> extents)
            throws SQLException {
        Set<KnownTopic> checked = new HashSet<>();
        for (Claim claim : List.copyOf(waiting)) {
            TopicCatalog.Extent extent = extents.get(claim.partition());
            if (extent != null) {
                if (checked.add(extent.topic())) {
                    guard.check(extent.topic());
                }
                inbox.put(new Report.Opened(claim, start(claim, extent)));
                waiting.remove(claim);
            }
        }
    }

    private Progress start(Claim claim, TopicCatalog.Extent extent) throws SQLException {
        Progress known = ledger.open(extent.id(), extent.first());
        if (!policy.mustMove(extent, known, claim.cut())) {
            warnOfTheUnseen(extent, known);
            return known;
        }
        log.atWarn()
                .addKeyValue("topic", claim.partition().topic())
                .addKeyValue("partition", claim.partition().partition())
                .addKeyValue("offset", extent.first())
                .log(
                        "the ledger is at {}, Kafka has {} to {}; continuing at {} as configured",
                        known.nextOffset(),
                        extent.first(),
                        extent.end(),
                        extent.first());
        return ledger.move(known, extent.first());
    }

    /** Nothing says that it was to be applied, so this is no loss to stop for (I5). */
    private static void warnOfTheUnseen(TopicCatalog.Extent extent, Progress known) {
        boolean nothingApplied = known.position() == null && known.nextOffset() == extent.first();
        if (nothingApplied && extent.first() > 0) {
            log.warn(
                    "{}: new to this group, and Kafka has deleted its records before offset {}: what they"
                            + " said of documents that have not changed since is not in PostgreSQL",
                    extent.id(),
                    extent.first());
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        try {
            var _ = threads.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
