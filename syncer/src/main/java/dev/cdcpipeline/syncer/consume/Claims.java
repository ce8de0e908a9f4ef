package dev.cdcpipeline.syncer.consume;

import dev.cdcpipeline.syncer.plan.Progress;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The partitions this instance owns. A new one stays paused until the ledger was read, which
 * happens elsewhere: a database that is down stops no poll (4.1). Belongs to the poll loop.
 */
final class Claims implements ConsumerRebalanceListener {
    private static final Logger log = LoggerFactory.getLogger(Claims.class);

    private final Consumer<?, ?> consumer;
    private final WorkQueue queue;
    private final Opener opener;
    private final OffsetCommitter offsets;
    private final Map<TopicPartition, Claim> claims = new HashMap<>();

    Claims(Consumer<?, ?> consumer, WorkQueue queue, Opener opener, OffsetCommitter offsets) {
        this.consumer = consumer;
        this.queue = queue;
        this.opener = opener;
        this.offsets = offsets;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        if (!partitions.isEmpty()) {
            log.info("Partitions assigned: {}", partitions);
            claim(partitions.stream().map(Claim::new).toList());
        }
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        if (!partitions.isEmpty()) {
            log.info("Partitions revoked: {}", partitions);
            partitions.forEach(this::release);
            offsets.commitNow(consumer, partitions);
        }
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        log.warn("Partitions lost, as the group did not hear from this instance: {}", partitions);
        partitions.forEach(this::release);
        offsets.forget(partitions);
    }

    /** Starts over with partitions whose ledger somebody else moved, or whose topic is another. */
    void claimAgain(Collection<Claim> outdated) {
        claimAgain(
                outdated.stream().filter(this::isCurrent).map(Claim::partition).toList(), Map.of());
    }

    /**
     * Starts over with partitions whose offsets Kafka does not accept.
     *
     * @param truncations where the log of some of them was truncated
     */
    void claimAgain(
            Collection<TopicPartition> partitions, Map<TopicPartition, LogTruncation> truncations) {
        var again = new ArrayList<Claim>();
        for (TopicPartition partition : partitions) {
            Claim outdated = claims.get(partition);
            if (outdated != null) {
                release(partition);
                Progress reached = outdated.reached();
                again.add(
                        new Claim(
                                partition,
                                truncations.get(partition),
                                reached == null ? outdated.before() : reached));
            }
        }
        claim(again);
    }

    private void claim(List<Claim> opening) {
        if (opening.isEmpty()) {
            return;
        }
        List<TopicPartition> partitions = opening.stream().map(Claim::partition).toList();
        consumer.pause(partitions);
        for (Claim claim : opening) {
            // Any place will do while it is paused; without one, Kafka would ask for a policy.
            consumer.seek(claim.partition(), 0);
            claims.put(claim.partition(), claim);
        }
        opener.open(opening);
    }

    private void release(TopicPartition partition) {
        Claim claim = claims.remove(partition);
        if (claim != null) {
            claim.end();
            queue.discard(partition);
        }
    }

    /** The claim on a partition; null if there is none. */
    @Nullable Claim of(TopicPartition partition) {
        return claims.get(partition);
    }

    /** Is it the claim of today? */
    boolean isCurrent(Claim claim) {
        return claims.get(claim.partition()) == claim;
    }

    /** All claims. */
    Collection<Claim> all() {
        return claims.values();
    }

    /** The claims that are open. */
    List<Claim> open() {
        return claims.values().stream().filter(Claim::isOpen).toList();
    }

    /** The partitions whose claims are open; the caller's to change. */
    Set<TopicPartition> openPartitions() {
        return claims.values().stream()
                .filter(Claim::isOpen)
                .map(Claim::partition)
                .collect(Collectors.toCollection(HashSet::new));
    }
}
