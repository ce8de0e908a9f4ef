package dev.cdcpipeline.syncer.consume;

import dev.cdcpipeline.platform.retry.Retry;
import dev.cdcpipeline.syncer.plan.Progress;
import dev.cdcpipeline.syncer.write.LedgerStore;

import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Reads the ledger of newly owned partitions on a thread of its own, compares it with what Kafka
 * has (I5), and reports where they start.
 */
final class LedgerOpener implements Opener, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LedgerOpener.class);

    private final TopicCatalog catalog;
    private final LedgerStore ledger;
    private final LossPolicy policy;
    private final Retry retry;
    private final Inbox inbox;
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().name("syncer-opener").daemon().factory());

    LedgerOpener(
            TopicCatalog catalog, LedgerStore ledger, LossPolicy policy, Retry retry, Inbox inbox) {
        this.catalog = catalog;
        this.ledger = ledger;
        this.policy = policy;
        this.retry = retry;
        this.inbox = inbox;
    }

    @Override
    public void open(Collection<Claim> claims) {
        var _ = thread.submit(() -> openNow(claims));
    }

    private void openNow(Collection<Claim> claims) {
        try {
            retry.run("reading the ledger", () -> openOnce(claims));
        } catch (Exception e) {
            inbox.put(new Report.Failed(e));
        }
    }

    private void openOnce(Collection<Claim> claims) throws Exception {
        List<Claim> live =
                claims.stream().filter(claim -> !claim.hasEnded() && !claim.isOpen()).toList();
        if (live.isEmpty()) {
            return;
        }
        Map<TopicPartition, TopicCatalog.Extent> extents =
                catalog.extents(live.stream().map(Claim::partition).toList());
        for (Claim claim : live) {
            TopicCatalog.Extent extent = extents.get(claim.partition());
            if (extent != null) { // else the topic went away; the group will revoke it
                inbox.put(new Report.Opened(claim, start(extent)));
            }
        }
    }

    private Progress start(TopicCatalog.Extent extent) throws SQLException {
        if (ledger.knowsOnlyAnother(extent.id())) {
            policy.checkRecreated(extent);
            log.warn("{} was created anew and is applied from its start", extent.id());
        }
        Progress known = ledger.open(extent.id(), extent.first());
        if (!policy.mustMove(extent, known)) {
            return known;
        }
        log.warn(
                "{}: the ledger is at {}, Kafka has {} to {}; continuing at {} as configured",
                extent.id(),
                known.nextOffset(),
                extent.first(),
                extent.end(),
                extent.first());
        return ledger.move(known, extent.first());
    }

    @Override
    public void close() {
        thread.shutdownNow();
        try {
            var _ = thread.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
