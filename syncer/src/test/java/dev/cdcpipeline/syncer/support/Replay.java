package dev.cdcpipeline.syncer.support;

import dev.cdcpipeline.syncer.plan.Advance;
import dev.cdcpipeline.syncer.plan.BatchPlan;
import dev.cdcpipeline.syncer.plan.PartitionId;
import dev.cdcpipeline.syncer.plan.Planner;
import dev.cdcpipeline.syncer.plan.Portion;
import dev.cdcpipeline.syncer.plan.Progress;
import dev.cdcpipeline.syncer.plan.RecordBlocks;
import dev.cdcpipeline.syncer.plan.RecordId;
import dev.cdcpipeline.syncer.plan.Records;
import dev.cdcpipeline.syncer.write.BatchStore;
import dev.cdcpipeline.syncer.write.Outcome;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Consumes partitions by chance: cut into batches anywhere, interleaved anyhow, with restarts that
 * read the ledger again, stale readers that are fenced, and records that come again.
 */
public final class Replay {

    /** Reads the ledger. */
    @FunctionalInterface
    public interface LedgerReader {
        /** What it says. */
        Progress progress(PartitionId partition) throws Exception;
    }

    private final List<PartitionId> ids;
    private final List<List<ConsumerRecord<ByteBuffer, ByteBuffer>>> records;
    private final Set<RecordId> setAside;
    private final Planner planner;
    private final BatchStore store;
    private final LedgerReader ledger;

    /**
     * A replay of the partitions into the store.
     *
     * @param setAside records that are dead letters, in whatever batch they are
     */
    public Replay(
            List<PartitionId> ids,
            List<List<ConsumerRecord<ByteBuffer, ByteBuffer>>> records,
            Set<RecordId> setAside,
            Planner planner,
            BatchStore store,
            LedgerReader ledger) {
        this.ids = ids;
        this.records = records;
        this.setAside = setAside;
        this.planner = planner;
        this.store = store;
        this.ledger = ledger;
    }

    /** Consumes everything. */
    public void run(RandomGenerator random) throws Exception {
        List<Progress> reached = readLedger();
        while (!isDone(reached)) {
            List<Progress> before = List.copyOf(reached);
            List<Portion> portions = portions(reached, random);
            BatchPlan plan = planner.plan(portions, setAside);
            switch (store.write(plan)) {
                case Outcome.Written _ -> {
                    for (Advance each : plan.advances()) {
                        reached.set(each.to().partition().partition(), each.to());
                    }
                }
                case Outcome.Fenced fenced -> {
                    for (PartitionId id : fenced.partitions()) {
                        reached.set(id.partition(), ledger.progress(id));
                    }
                }
            }
            if (random.nextInt(4) == 0) {
                rival(before, random);
            }
            if (random.nextInt(4) == 0 || isDone(reached)) {
                reached = readLedger(); // a restart, or it was restored behind our back
            }
        }
    }

    private List<Progress> readLedger() throws Exception {
        var read = new ArrayList<Progress>();
        for (PartitionId id : ids) {
            read.add(ledger.progress(id));
        }
        return read;
    }

    /** A zombie that still believes in an older ledger writes its batch: all or nothing (I4). */
    private void rival(List<Progress> stale, RandomGenerator random) throws Exception {
        store.write(planner.plan(portions(stale, random), setAside));
    }

    private boolean isDone(List<Progress> reached) {
        for (int i = 0; i < ids.size(); i++) {
            var all = records.get(i);
            if (!all.isEmpty() && reached.get(i).nextOffset() <= all.getLast().offset()) {
                return false;
            }
        }
        return true;
    }

    private List<Portion> portions(List<Progress> reached, RandomGenerator random) {
        var portions = new ArrayList<Portion>();
        for (int i = 0; i < ids.size(); i++) {
            if (random.nextInt(3) > 0) {
                Progress from = reached.get(i);
                // Sometimes records come that were applied already.
                long since = Math.max(0, from.nextOffset() - random.nextInt(5));
                int count = random.nextInt(1, 12);
                var next =
                        records.get(i).stream()
                                .filter(record -> record.offset() >= since)
                                .limit(count)
                                .toList();
                portions.add(new Portion(from, cut(ids.get(i), next, random)));
            }
        }
        return portions;
    }

    /** In two parts, as where a batch had no room for more. */
    private static List<Records> cut(
            PartitionId partition,
            List<ConsumerRecord<ByteBuffer, ByteBuffer>> next,
            RandomGenerator random) {
        var name = new TopicPartition(partition.topic(), partition.partition());
        Records whole = new RecordBlocks(1 << 20).copy(name, next).getFirst();
        int at = random.nextInt(whole.size() + 1);
        return List.of(whole.first(at), whole.after(at));
    }
}
