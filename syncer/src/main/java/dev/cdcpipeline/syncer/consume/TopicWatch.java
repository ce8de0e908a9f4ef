package dev.cdcpipeline.syncer.consume;

import dev.cdcpipeline.syncer.write.TopicIdentity;

import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;

/**
 * Looks where the logs of the topics end, and whether they are still the same topics: Kafka's
 * consumer goes on with a topic that was created anew under its name as if nothing had happened,
 * wherever the offset is one that the new one has too (I5).
 */
final class TopicWatch implements PeriodicLook.Look {
    private static final Logger log = LoggerFactory.getLogger(TopicWatch.class);

    private final TopicCatalog catalog;
    private final TopicGuard guard;
    private final Inbox inbox;

    /** Topics of which this instance had partitions; for the thread that looks. */
    private final Set<String> seen = new HashSet<>();

    TopicWatch(TopicCatalog catalog, TopicGuard guard, Inbox inbox) {
        this.catalog = catalog;
        this.guard = guard;
        this.inbox = inbox;
    }

    /** Reports {@link Report.Replaced} or {@link Report.Failed}. */
    @Override
    public void look(Collection<Claim> open) {
        Map<String, List<Claim>> byTopic =
                open.stream()
                        .filter(claim -> !claim.hasEnded())
                        .collect(Collectors.groupingBy(claim -> claim.partition().topic()));
        try {
            Map<String, TopicIdentity> now = catalog.topics(byTopic.keySet());
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

    private void look(List<Claim> claims, @Nullable TopicIdentity now) throws SQLException {
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
}
