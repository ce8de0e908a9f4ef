package dev.cdcpipeline.syncer.consume;

import dev.cdcpipeline.syncer.write.KnownTopic;

import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Looks every so often, on a thread of its own, where the logs of the topics end, and whether they
 * are still the same topics: Kafka's consumer goes on with a topic that was created anew under its
 * name as if nothing had happened, wherever the offset is one that the new one has too (I5).
 */
final class TopicWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TopicWatch.class);

    private final TopicCatalog catalog;
    private final TopicGuard guard;
    private final Inbox inbox;
    private final Duration interval;
    private final LongSupplier nanoTime;

    /** Topics of which this instance had partitions; for the thread that looks. */
    private final Set<String> seen = new HashSet<>();

    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().name("syncer-topics").daemon().factory());
    private Future<?> look = CompletableFuture.completedFuture(null);
    private long last;

    /**
     * @param interval the time between two looks
     * @param nanoTime the time
     */
    TopicWatch(
            TopicCatalog catalog,
            TopicGuard guard,
            Inbox inbox,
            Duration interval,
            LongSupplier nanoTime) {
        this.catalog = catalog;
        this.guard = guard;
        this.inbox = inbox;
        this.interval = interval;
        this.nanoTime = nanoTime;
        this.last = nanoTime.getAsLong();
    }

    /** Returns at once; reports {@link Report.Replaced} or {@link Report.Failed}. */
    void lookIfDue(Claims claims) {
        long now = nanoTime.getAsLong();
        // A look waits for Kafka for a minute when it is down: they must not queue up.
        if (now - last >= interval.toNanos() && look.isDone()) {
            last = now;
            List<Claim> open = claims.open();
            look = thread.submit(() -> look(open));
        }
    }

    /** Looks now, on the calling thread. */
    void look(Collection<Claim> open) {
        Map<String, List<Claim>> byTopic =
                open.stream()
                        .filter(claim -> !claim.hasEnded())
                        .collect(Collectors.groupingBy(claim -> claim.partition().topic()));
        try {
            Map<String, KnownTopic> now = catalog.topics(byTopic.keySet());
            for (var claims : byTopic.entrySet()) {
                look(claims.getValue(), now.get(claims.getKey()));
            }
            measure(
                    open.stream()
                            .filter(claim -> now.containsKey(claim.partition().topic()))
                            .toList());
            warnOfTheGone(byTopic.keySet(), now.keySet());
        } catch (DataLossException | Error e) {
            inbox.put(new Report.Failed(e));
        } catch (Exception e) {
            if (!(e instanceof SQLException)) { // the database says nothing of Kafka
                open.forEach(Claim::logEndsSomewhere);
            }
            log.debug("Could not look at the topics; trying again later", e);
        }
    }

    /**
     * Of those too whose partitions the group took away when they went.
     *
     * @param claimed topics that this instance has partitions of
     * @param there which of them Kafka has
     */
    private void warnOfTheGone(Set<String> claimed, Set<String> there)
            throws InterruptedException, ExecutionException {
        var left = new HashSet<>(seen);
        left.removeAll(claimed);
        var kept = new HashSet<>(there);
        kept.addAll(catalog.visible(left));
        seen.addAll(claimed);
        for (String name : seen) {
            if (!kept.contains(name)) {
                log.warn(
                        "The topic {} is gone from Kafka, and with it what of it was not applied",
                        name);
            }
        }
        seen.retainAll(kept);
    }

    private void look(List<Claim> claims, @Nullable KnownTopic now) throws SQLException {
        if (now == null) {
            return;
        }
        List<Claim> onAnother =
                claims.stream()
                        .filter(claim -> !claim.progress().partition().topicId().equals(now.id()))
                        .toList();
        if (!onAnother.isEmpty()) {
            inbox.put(new Report.Replaced(onAnother));
            return;
        }
        guard.checkPartitions(now);
    }

    private void measure(List<Claim> claims) throws InterruptedException {
        Map<TopicPartition, Long> ends =
                catalog.ends(claims.stream().map(Claim::partition).toList());
        for (Claim claim : claims) {
            Long end = ends.get(claim.partition());
            if (end == null) {
                claim.logEndsSomewhere();
            } else {
                claim.logEndsAt(end);
            }
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
