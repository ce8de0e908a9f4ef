package dev.cdcpipeline.syncer.consume;

import dev.cdcpipeline.syncer.write.BatchStore;

import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;

/**
 * Notices what stands still while records wait: a batch that a worker does not get on with, a
 * partition that is not opened, or of which nothing more comes though Kafka has more. What hinders
 * it may try again without end, or hang; the poll loop turns all the same. Belongs to the poll
 * loop.
 */
final class Stalls implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Stalls.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration ASK_INTERVAL = Duration.ofSeconds(5);
    private static final int NAMED = 3;

    private final List<AtWork> workers;
    private final BatchStore store;
    private final Inbox inbox;
    private final Duration deadline;
    private final LongSupplier nanoTime;
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().name("syncer-stalls").daemon().factory());

    private final Map<TopicPartition, Stand> stands = new HashMap<>();
    private Future<?> asking = CompletableFuture.completedFuture(null);
    private long last;
    private long askedAt;
    private Found found = new Found(0, "");
    private volatile String locks = "";

    /** Where a partition was when it was last seen to get on. */
    private record Stand(Claim claim, long reached, long since) {}

    /** How many partitions stand still, and the reason of the first; empty if none does. */
    record Found(int partitions, String reason) {}

    /**
     * @param workers what they are at
     * @param store is asked what its writes wait for
     * @param deadline how long something may stand still
     */
    Stalls(
            List<AtWork> workers,
            BatchStore store,
            Inbox inbox,
            Duration deadline,
            LongSupplier nanoTime) {
        this.workers = workers;
        this.store = store;
        this.inbox = inbox;
        this.deadline = deadline;
        this.nanoTime = nanoTime;
        this.last = nanoTime.getAsLong();
        this.askedAt = last - ASK_INTERVAL.toNanos();
    }

    /**
     * Looks every second.
     *
     * @param claims all partitions of this instance
     * @param heldBack those that are not read, as there is no room
     */
    Found look(Collection<Claim> claims, Set<TopicPartition> heldBack) {
        long now = nanoTime.getAsLong();
        if (now - last >= INTERVAL.toNanos()) {
            last = now;
            Found before = found;
            found = find(claims, heldBack, now);
            tell(before);
        }
        return found;
    }

    private void tell(Found before) {
        if (before.reason().isEmpty() && !found.reason().isEmpty()) {
            log.warn("{}", found.reason());
        } else if (found.reason().isEmpty() && !before.reason().isEmpty()) {
            log.info("all partitions get on again");
        }
    }

    private Found find(Collection<Claim> claims, Set<TopicPartition> heldBack, long now) {
        List<AtWork> late = late();
        String writing = writing(late);
        Map<TopicPartition, String> reading = reading(claims, heldBack, now);
        var standing = new HashSet<>(reading.keySet());
        late.stream().filter(this::stands).forEach(each -> standing.addAll(each.partitions()));
        return new Found(standing.size(), writing == null ? first(reading) : writing);
    }

    private static String first(Map<TopicPartition, String> reasons) {
        return reasons.values().stream().findFirst().orElse("");
    }

    private @Nullable String writing(List<AtWork> late) {
        if (late.isEmpty()) {
            locks = "";
            return null;
        }
        askForLocks();
        return late.stream().filter(this::stands).findFirst().map(this::reason).orElse(null);
    }

    private List<AtWork> late() {
        return workers.stream().filter(each -> each.standsFor().compareTo(deadline) > 0).toList();
    }

    /** A sweep may take hours, but not as long as it waits for a lock. */
    private boolean stands(AtWork worker) {
        return !worker.isPatient() || !locks.isEmpty();
    }

    private String reason(AtWork worker) {
        return "nothing was written of %s for %d s, with records waiting: %s"
                .formatted(
                        names(worker.partitions()), worker.standsFor().toSeconds(), cause(worker));
    }

    private static String names(List<TopicPartition> partitions) {
        String some =
                String.join(", ", partitions.stream().limit(NAMED).map(String::valueOf).toList());
        return partitions.size() > NAMED
                ? some + " and " + (partitions.size() - NAMED) + " more"
                : some;
    }

    private String cause(AtWork worker) {
        String lock = locks;
        String trouble = worker.trouble();
        if (!lock.isEmpty()) {
            return "PostgreSQL waits for " + lock + (trouble == null ? "" : "; " + trouble);
        }
        return trouble == null ? "there is no answer yet" : trouble;
    }

    private void askForLocks() {
        long now = nanoTime.getAsLong();
        if (asking.isDone() && now - askedAt >= ASK_INTERVAL.toNanos()) {
            askedAt = now;
            asking = thread.submit(this::ask);
        }
    }

    private void ask() {
        try {
            locks = store.waitsFor();
        } catch (SQLException e) {
            log.debug("PostgreSQL does not say what is waited for", e);
        } catch (Throwable e) { // else nobody would know
            inbox.put(new Report.Failed(e));
        }
    }

    private Map<TopicPartition, String> reading(
            Collection<Claim> claims, Set<TopicPartition> heldBack, long now) {
        var reasons = new LinkedHashMap<TopicPartition, String>();
        var current = new HashMap<TopicPartition, Stand>();
        for (Claim claim : claims) {
            Stand before = stands.get(claim.partition());
            Stand stand = stand(claim, before, now);
            boolean waits = waits(claim) && !heldBack.contains(claim.partition());
            if (waits && stand.equals(before)) {
                Duration silence = Duration.ofNanos(now - stand.since());
                if (silence.compareTo(deadline) > 0) {
                    reasons.put(claim.partition(), reason(claim, silence));
                }
            }
            current.put(claim.partition(), waits ? stand : new Stand(claim, stand.reached(), now));
        }
        stands.clear();
        stands.putAll(current);
        return reasons;
    }

    private static Stand stand(Claim claim, @Nullable Stand before, long now) {
        long reached = claim.handedOut();
        return before != null && before.claim().equals(claim) && before.reached() == reached
                ? before
                : new Stand(claim, reached, now);
    }

    /** Whether Kafka has, or may have, something that was not even read. */
    private static boolean waits(Claim claim) {
        return !claim.isOpen() || claim.isUnread() || claim.endIsUnknown();
    }

    private static String reason(Claim claim, Duration silence) {
        String what;
        if (!claim.isOpen()) {
            what =
                    "%s could not be begun for %d s: its place in the ledger or in Kafka is asked for";
        } else if (claim.isUnread()) {
            what =
                    "nothing was read of %s for %d s, though Kafka has more: its leader may not answer, or a transaction be open";
        } else {
            what = "Kafka has not said for more than %2$d s where %1$s ends: it may have no leader";
        }
        return what.formatted(claim.partition(), silence.toSeconds());
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
