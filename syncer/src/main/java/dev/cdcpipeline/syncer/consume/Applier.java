package dev.cdcpipeline.syncer.consume;

import dev.cdcpipeline.platform.retry.Retry;
import dev.cdcpipeline.syncer.deadletter.DeadLetterRate;
import dev.cdcpipeline.syncer.deadletter.DeadLetters;
import dev.cdcpipeline.syncer.plan.Advance;
import dev.cdcpipeline.syncer.plan.BadRecord;
import dev.cdcpipeline.syncer.plan.BatchPlan;
import dev.cdcpipeline.syncer.plan.BatchTooLargeException;
import dev.cdcpipeline.syncer.plan.PartitionId;
import dev.cdcpipeline.syncer.plan.Planner;
import dev.cdcpipeline.syncer.plan.Portion;
import dev.cdcpipeline.syncer.plan.Progress;
import dev.cdcpipeline.syncer.plan.RecordId;
import dev.cdcpipeline.syncer.write.BatchStore;
import dev.cdcpipeline.syncer.write.Outcome;
import dev.cdcpipeline.syncer.write.RefusedRowsException;
import dev.cdcpipeline.syncer.write.TableResult;

import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToIntFunction;

/**
 * Applies a batch: plans it, sets bad records aside, writes it in one transaction, reports. Used by
 * one worker.
 */
final class Applier {
    private static final Logger log = LoggerFactory.getLogger(Applier.class);

    /** So often a batch may run out of time by chance: somebody has a lock, the server is busy. */
    private static final int CHANCES = 3;

    private final Planner planner;
    private final BatchStore store;
    private final DeadLetters deadLetters;
    private final DeadLetterRate rate;
    private final Retry retry;
    private final ToIntFunction<UUID> partitions;
    private final Inbox inbox;
    private final SyncerMeters meters;
    private final StrayLetters strayLetters;
    private final AtWork atWork = new AtWork(System::nanoTime);

    /** More records than these do not go into one transaction: more were too much of late. */
    private int most = Integer.MAX_VALUE;

    Applier(Writing writing, Inbox inbox, SyncerMeters meters, StrayLetters strayLetters) {
        this.planner = writing.planner().get();
        this.store = writing.store();
        this.deadLetters = writing.deadLetters();
        this.rate = writing.rate();
        this.retry = writing.retry();
        this.partitions = writing.partitions();
        this.inbox = inbox;
        this.meters = meters;
        this.strayLetters = strayLetters;
    }

    /**
     * Applies the batch, whatever it takes: when it returns, each record is in the tables, or set
     * aside, or its claim has ended.
     */
    void apply(Batch batch) throws Exception {
        atWork.begins(batch);
        apply(batch, new HashSet<>(), 1);
        atWork.rests();
    }

    /** What it is at. */
    AtWork atWork() {
        return atWork;
    }

    /**
     * Applies a batch or a part of one.
     *
     * @param setAside records that are among the dead letters already; grows
     * @param attempt how many batches these records were in, with this one
     */
    private void apply(Batch batch, Set<RecordId> setAside, int attempt) throws Exception {
        Batch left = batch.live();
        while (!left.isEmpty() && !applyOnce(left, setAside, attempt)) {
            left = left.live();
        }
    }

    /** Returns false if some of it is left, in the partitions that are still this instance's. */
    private boolean applyOnce(Batch batch, Set<RecordId> setAside, int attempt) throws Exception {
        if (batch.size() > most) {
            applyHalves(batch, setAside, attempt);
            return true;
        }
        try {
            return write(batch, setAside);
        } catch (BatchTooLargeException e) {
            applyHalves(batch, setAside, attempt);
            return true;
        } catch (Exception e) {
            if (isTooMuch(batch, e)) {
                most = batch.size() / 2;
                log.warn(
                        "{} records are more than PostgreSQL takes in one transaction ({}): writing at"
                                + " most {} at once for a while",
                        batch.size(),
                        e.getMessage(),
                        most);
                applyHalves(batch, setAside, attempt + 1);
            } else if (e instanceof RefusedRowsException refused) {
                narrowDown(batch, setAside, attempt, refused);
            } else {
                throw e;
            }
            return true;
        }
    }

    private static boolean isTooMuch(Batch batch, Exception e) {
        return batch.size() > 1 && SyncerFailures.mayBeTooMuch(e);
    }

    /** Little by little: what was too much may have been a lock, and may be so for good. */
    private void allowMore() {
        most = (int) Math.min(Integer.MAX_VALUE, most + Math.max(1L, most / 8));
    }

    private void applyHalves(Batch batch, Set<RecordId> setAside, int attempt) throws Exception {
        for (Batch half : batch.halves()) {
            apply(half, setAside, attempt);
        }
    }

    /**
     * PostgreSQL refuses something in the rows of the batch: halve it until that is alone (I6). If
     * the batch does not go in without it either, it was not that record, and the service stops.
     */
    private void narrowDown(
            Batch batch, Set<RecordId> setAside, int attempt, RefusedRowsException cause)
            throws Exception {
        if (batch.size() > 1) {
            applyHalves(batch, setAside, attempt + 1);
            return;
        }
        if (batch.size() == 0) {
            throw cause; // no record's fault
        }
        send(
                List.of(new BadRecord(batch.first().toRecord(), cause.refusal(), attempt)),
                1,
                setAside);
        var _ = write(batch, setAside); // if it was fenced, nothing of it is left
    }

    /**
     * Writes the batch in one transaction.
     *
     * @return false if nothing was written and the claims of those that are fenced have ended, or
     *     if what was left must be in a transaction of its own
     */
    private boolean write(Batch batch, Set<RecordId> setAside) throws Exception {
        long start = System.nanoTime();
        BatchPlan plan = batch.toItsEnds(planner.plan(portions(batch), setAside));
        refuseLostOrder(plan);
        send(plan.bad(), batch.size(), setAside);
        long planned = System.nanoTime();
        return switch (store(batch, plan)) {
            case Outcome.Written written -> {
                allowMore();
                atWork.getsOn();
                advance(batch, plan);
                written.tables().forEach(Applier::note);
                meters.written(plan, written, planned - start, System.nanoTime() - planned);
                strayLetters.leftOut(plan.tally().strayLetters());
                boolean all = !plan.tally().endsEarly();
                if (all) {
                    rate.done(batch.size(), batch.count(setAside));
                }
                yield all;
            }
            case Outcome.Fenced fenced -> {
                fence(batch, fenced.partitions());
                yield false;
            }
        };
    }

    /** Tries until it works; a batch that may be too much, not for ever. */
    private Outcome store(Batch batch, BatchPlan plan) throws Exception {
        var chances = new AtomicInteger(most == Integer.MAX_VALUE ? CHANCES : 1);
        return retry.call(
                "writing a batch",
                () -> {
                    try {
                        atWork.writes(!plan.sweeps().isEmpty());
                        return store.write(plan);
                    } catch (SQLException e) {
                        atWork.isHindered(e);
                        atWork.writes(false);
                        if (isTooMuch(batch, e) && chances.decrementAndGet() == 0) {
                            throw new TooMuchException(e);
                        }
                        throw e;
                    }
                });
    }

    private void refuseLostOrder(BatchPlan plan) {
        for (PartitionId partition : plan.tally().unordered()) {
            int count = partitions.applyAsInt(partition.topicId());
            if (count > 1) {
                throw new UnorderedTopicException(partition, count);
            }
        }
    }

    private static List<Portion> portions(Batch batch) {
        var portions = new ArrayList<Portion>();
        batch.records()
                .forEach((claim, records) -> portions.add(new Portion(claim.progress(), records)));
        return portions;
    }

    /**
     * When it returns, the letters are durable: only then may the ledger move past them (I6).
     *
     * @param among how many records the bad ones are among
     */
    private void send(List<BadRecord> bad, int among, Set<RecordId> setAside) throws Exception {
        if (!bad.isEmpty()) {
            rate.check(among, bad.size());
            deadLetters.send(bad);
            meters.deadLetters(bad.size());
            bad.forEach(each -> setAside.add(RecordId.of(each.record())));
        }
    }

    /** 8.4: which table had rows overwritten. */
    private static void note(TableResult result) {
        if (result.overwritten() > 0) {
            log.debug("{}: {} rows overwritten", result.table(), result.overwritten());
        }
    }

    private void advance(Batch batch, BatchPlan plan) {
        var reached = new HashMap<PartitionId, Progress>();
        for (Advance advance : plan.advances()) {
            reached.put(advance.to().partition(), advance.to());
        }
        Map<TopicPartition, Long> next = new HashMap<>();
        for (Claim claim : batch.records().keySet()) {
            Progress to = reached.get(claim.progress().partition());
            if (to != null) {
                claim.advance(to);
                next.put(claim.partition(), to.nextOffset());
            }
        }
        inbox.put(new Report.Applied(next));
    }

    private void fence(Batch batch, Set<PartitionId> partitions) {
        List<Claim> fenced =
                batch.records().keySet().stream()
                        .filter(claim -> partitions.contains(claim.progress().partition()))
                        .toList();
        log.info(
                "The ledger of {} is not where this instance left it: nothing of this batch was"
                        + " written, these partitions start over from the ledger",
                fenced.stream().map(Claim::partition).toList());
        fenced.forEach(Claim::end);
        inbox.put(new Report.Fenced(fenced));
        meters.fenced();
    }
}
