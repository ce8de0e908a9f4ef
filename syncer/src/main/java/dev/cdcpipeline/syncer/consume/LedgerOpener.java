package dev.cdcpipeline.syncer.consume;

import dev.cdcpipeline.platform.retry.Retry;
import dev.cdcpipeline.syncer.plan.PartitionId;
import dev.cdcpipeline.syncer.plan.Progress;
import dev.cdcpipeline.syncer.write.LedgerStore;
import dev.cdcpipeline.syncer.write.TopicIdentity;

import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

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
    private final SyncerMeters meters;
    // Each on its own: partitions of a topic that Kafka cannot tell of now keep no others waiting.
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(
                    Thread.ofPlatform().name("syncer-opener").daemon().factory());

    /** What Kafka holds of a partition, and how far the ledger says that it is applied. */
    private record Known(Claim claim, TopicCatalog.Extent extent, Progress ledger) {}

    LedgerOpener(Consumption.Place place, Inbox inbox, SyncerMeters meters) {
        this.catalog = place.catalog();
        this.ledger = place.ledger();
        this.guard = new TopicGuard(ledger, place.policy());
        this.policy = place.policy();
        this.askingKafka = place.askingKafka();
        this.askingDatabase = place.askingDatabase();
        this.inbox = inbox;
        this.meters = meters;
    }

    @Override
    public void open(Collection<Claim> claims) {
        var _ = threads.submit(() -> openNow(claims));
    }

    private void openNow(Collection<Claim> claims) {
        var waiting = new ArrayList<>(claims);
        try {
            while (!waiting.isEmpty()) {
                Map<Claim, TopicCatalog.Extent> extents = askKafka(waiting);
                List<Known> ledgers =
                        askingDatabase.call("reading the ledger", () -> ledgers(extents));
                var doubtful = new ArrayList<Known>();
                for (Known each : ledgers) {
                    noteRewind(each);
                    if (LossPolicy.fit(each.extent(), each.ledger(), each.claim().truncation())) {
                        warnOfTheUnseen(each.extent(), each.ledger());
                        opened(each.claim(), each.ledger(), waiting);
                    } else {
                        doubtful.add(each);
                    }
                }
                lookAgain(doubtful, waiting);
            }
        } catch (Throwable e) { // else the partitions would stay paused, and nobody know
            inbox.put(new Report.Failed(e));
        }
    }

    private void noteRewind(Known known) {
        TopicPartition partition = known.claim().partition();
        Progress before = before(known.claim(), known.ledger().partition());
        long next = known.ledger().nextOffset();
        if (before != null && next < before.nextOffset()) {
            meters.rewound();
            log.atWarn()
                    .addKeyValue("topic", partition.topic())
                    .addKeyValue("partition", partition.partition())
                    .addKeyValue("offset", next)
                    .log(
                            "the ledger went back from {} to {}: the database was restored, or failed"
                                    + " over to a standby that lagged; applying again from there",
                            before.nextOffset(),
                            next);
        }
    }

    private void opened(Claim claim, Progress from, List<Claim> waiting) {
        inbox.put(new Report.Opened(claim, from));
        waiting.remove(claim);
    }

    /**
     * What Kafka holds of those that it can tell of: they must not wait for the others.
     *
     * @param waiting those that have ended leave it: their topic went away, perhaps
     */
    private Map<Claim, TopicCatalog.Extent> askKafka(List<Claim> waiting) throws Exception {
        return askingKafka.call(
                "asking Kafka what it holds",
                () -> {
                    waiting.removeIf(Claim::hasEnded);
                    return waiting.isEmpty() ? Map.of() : extents(waiting);
                });
    }

    private Map<Claim, TopicCatalog.Extent> extents(List<Claim> claims) throws Exception {
        TopicCatalog.Extents extents =
                catalog.extents(claims.stream().map(Claim::partition).toList());
        if (extents.known().isEmpty() && extents.failure() != null) {
            throw extents.failure();
        }
        var known = new HashMap<Claim, TopicCatalog.Extent>();
        for (Claim claim : claims) {
            TopicCatalog.Extent extent = extents.known().get(claim.partition());
            if (extent != null) {
                known.put(claim, extent);
            }
        }
        return known;
    }

    /** How far this instance had applied the partition; null if it never did. */
    private static @Nullable Progress before(Claim claim, PartitionId partition) {
        Progress before = claim.before();
        return before != null && before.partition().equals(partition) ? before : null;
    }

    private List<Known> ledgers(Map<Claim, TopicCatalog.Extent> extents) throws SQLException {
        try {
            return readLedgers(extents);
        } catch (SQLException e) {
            if (!LedgerStore.isGone(e)) {
                throw e;
            }
            log.warn("The schema cdc is gone, and the ledger with it: making it anew");
            ledger.prepare();
            return readLedgers(extents);
        }
    }

    private List<Known> readLedgers(Map<Claim, TopicCatalog.Extent> extents) throws SQLException {
        Set<TopicIdentity> checked = new HashSet<>();
        var ledgers = new ArrayList<Known>();
        for (var each : extents.entrySet()) {
            TopicCatalog.Extent extent = each.getValue();
            if (checked.add(extent.topic())) {
                guard.check(extent.topic());
            }
            Progress before = before(each.getKey(), extent.id());
            // One that is gone though it was there: what came before is missing too (I5).
            long start = before == null ? extent.first() : 0;
            Progress known = ledger.open(extent.id(), start);
            if (before != null && known.nextOffset() == before.nextOffset()) {
                ledger.prepare(); // it did not take a step that fits: does something hinder it?
            }
            ledgers.add(new Known(each.getKey(), extent, known));
        }
        return ledgers;
    }

    /**
     * The database may have been away after Kafka was asked, the log have grown, and another
     * instance have applied what came: only what Kafka says after the ledger was read tells of a
     * loss.
     */
    private void lookAgain(List<Known> doubtful, List<Claim> waiting) throws Exception {
        var claims = doubtful.stream().map(Known::claim).collect(Collectors.toList());
        Map<Claim, TopicCatalog.Extent> extents = askKafka(claims);
        for (Known each : doubtful) {
            Claim claim = each.claim();
            Progress known = each.ledger();
            TopicCatalog.Extent extent = extents.get(claim);
            if (extent == null || !extent.id().equals(known.partition())) {
                continue; // it has ended, or is another topic's by now
            }
            boolean fit = LossPolicy.fit(extent, known, claim.truncation());
            opened(claim, fit ? known : restart(claim, extent, known), waiting);
        }
    }

    private Progress restart(Claim claim, TopicCatalog.Extent extent, Progress known)
            throws Exception {
        long to = policy.acceptedStart(extent, known, claim.truncation());
        log.atWarn()
                .addKeyValue("topic", claim.partition().topic())
                .addKeyValue("partition", claim.partition().partition())
                .addKeyValue("offset", to)
                .log(
                        "the ledger is at {}, Kafka has {} to {}; continuing at {} as configured",
                        known.nextOffset(),
                        extent.first(),
                        extent.end(),
                        to);
        return askingDatabase.call("moving the ledger", () -> ledger.move(known, to));
    }

    /** Nothing says that it was to be applied, so this is no loss to stop for (I5). */
    private static void warnOfTheUnseen(TopicCatalog.Extent extent, Progress known) {
        boolean nothingApplied = known.isNew() && known.nextOffset() == extent.first();
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
