package dev.cdcpipeline.syncer.consume;

import dev.cdcpipeline.platform.retry.Retry;
import dev.cdcpipeline.syncer.plan.Progress;
import dev.cdcpipeline.syncer.write.KnownTopic;
import dev.cdcpipeline.syncer.write.LedgerStore;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
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
    private final Retry retry;
    private final Inbox inbox;
    // Each on its own: partitions of a topic that Kafka cannot tell of now keep no others waiting.
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(
                    Thread.ofPlatform().name("syncer-opener").daemon().factory());

    LedgerOpener(
            TopicCatalog catalog, LedgerStore ledger, LossPolicy policy, Retry retry, Inbox inbox) {
        this.catalog = catalog;
        this.ledger = ledger;
        this.guard = new TopicGuard(ledger, policy);
        this.policy = policy;
        this.retry = retry;
        this.inbox = inbox;
    }

    @Override
    public void open(Collection<Claim> claims) {
        var _ = threads.submit(() -> openNow(claims));
    }

    private void openNow(Collection<Claim> claims) {
        var waiting = new ArrayList<>(claims);
        try {
            retry.run("reading the ledger", () -> openOnce(waiting));
        } catch (Throwable e) { // else the partitions would stay paused, and nobody know
            inbox.put(new Report.Failed(e));
        }
    }

    /** Opens what can be opened, and fails if something cannot. */
    private void openOnce(List<Claim> waiting) throws Exception {
        waiting.removeIf(Claim::hasEnded); // as its topic went away, perhaps
        if (waiting.isEmpty()) {
            return;
        }
        TopicCatalog.Extents extents =
                catalog.extents(waiting.stream().map(Claim::partition).toList());
        Set<KnownTopic> checked = new HashSet<>();
        for (Claim claim : List.copyOf(waiting)) {
            TopicCatalog.Extent extent = extents.known().get(claim.partition());
            if (extent != null) {
                if (checked.add(extent.topic())) {
                    guard.check(extent.topic());
                }
                inbox.put(new Report.Opened(claim, start(claim, extent)));
                waiting.remove(claim);
            }
        }
        if (extents.failure() != null) {
            throw extents.failure();
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
