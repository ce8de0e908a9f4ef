package dev.cdcpipeline.syncer.consume;

import dev.cdcpipeline.syncer.plan.PartitionId;
import dev.cdcpipeline.syncer.plan.Progress;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Looks by one query whether the ledger is where this instance left it, also of partitions that
 * have nothing to write: a database that was restored, or failed over to a standby that lagged, has
 * lost rows that Kafka still has (I5).
 *
 * <p>A batch that is written meanwhile does no harm: a claim that moved during the look is left
 * out, and one that starts over in vain finds the ledger where it is.
 */
final class LedgerWatch implements PeriodicLook.Look {
    private static final Logger log = LoggerFactory.getLogger(LedgerWatch.class);

    private final Offsets ledger;
    private final Inbox inbox;

    /** Whose ledger was further on at the last look; for the thread that looks. */
    private Map<Claim, Progress> ahead = Map.of();

    /** What the ledger says. */
    @FunctionalInterface
    interface Offsets {
        /** See {@link dev.cdcpipeline.syncer.write.LedgerStore#nextOffsets}. */
        Optional<Map<PartitionId, Long>> next(Collection<PartitionId> partitions)
                throws SQLException;
    }

    LedgerWatch(Offsets ledger, Inbox inbox) {
        this.ledger = ledger;
        this.inbox = inbox;
    }

    /** Reports {@link Report.Fenced} of claims that are to start over. */
    @Override
    public void look(Collection<Claim> open) {
        if (open.isEmpty()) {
            return;
        }
        var before = new HashMap<Claim, Progress>();
        open.forEach(claim -> before.put(claim, claim.progress()));
        try {
            ledger.next(before.values().stream().map(Progress::partition).toList())
                    .ifPresent(now -> compare(before, now));
        } catch (Exception e) {
            log.debug("Could not look at the ledger; trying again later", e);
        } catch (Error e) {
            inbox.put(new Report.Failed(e));
        }
    }

    private void compare(Map<Claim, Progress> before, Map<PartitionId, Long> now) {
        var startOver = new ArrayList<Claim>();
        var aheadNow = new HashMap<Claim, Progress>();
        before.forEach(
                (claim, progress) -> {
                    if (claim.hasEnded() || !claim.progress().equals(progress)) {
                        return; // it moves, and its next step tells
                    }
                    Long next = now.get(progress.partition());
                    if (next == null || next < progress.nextOffset()) {
                        startOver.add(claim);
                    } else if (next > progress.nextOffset()) {
                        // Once, it may be a batch of our own that was committed just now.
                        aheadNow.put(claim, progress);
                        if (progress.equals(ahead.get(claim))) {
                            startOver.add(claim);
                        }
                    }
                });
        ahead = aheadNow;
        if (!startOver.isEmpty()) {
            inbox.put(new Report.Fenced(startOver));
        }
    }
}
