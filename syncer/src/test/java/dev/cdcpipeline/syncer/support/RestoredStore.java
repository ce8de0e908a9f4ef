package dev.cdcpipeline.syncer.support;

import dev.cdcpipeline.syncer.plan.BatchPlan;
import dev.cdcpipeline.syncer.plan.PartitionId;
import dev.cdcpipeline.syncer.write.BatchStore;
import dev.cdcpipeline.syncer.write.Outcome;

import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * A database that is restored now and then: rows and ledger are again what they were at an earlier
 * batch, as after a fail-over to a standby that lagged. Not thread-safe.
 */
public final class RestoredStore implements BatchStore {
    private static final int MOST = 3;

    private final ModelStore store;
    private final RandomGenerator random;
    private ModelStore backup;
    private int restored;

    /** One that is restored to what it is now, or will be. */
    public RestoredStore(ModelStore store, RandomGenerator random) {
        this.store = store;
        this.random = random;
        this.backup = store.copy();
    }

    /** How often it was restored. */
    public int restored() {
        return restored;
    }

    @Override
    public Outcome write(BatchPlan plan) {
        int dice = random.nextInt(20);
        if (dice == 0) {
            backup = store.copy();
        } else if (dice == 1 && restored < MOST && !plan.advances().isEmpty()) {
            restored++;
            store.restore(backup);
            return new Outcome.Fenced(
                    plan.advances().stream()
                            .map(each -> each.from().partition())
                            .collect(Collectors.<PartitionId>toSet()));
        }
        return store.write(plan);
    }
}
