package dev.cdcpipeline.syncer.consume;

import dev.cdcpipeline.kafka.ApplierClients;
import dev.cdcpipeline.kafka.ConsumerGroups;
import dev.cdcpipeline.platform.retry.Sleeper;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;

/**
 * Who else is in the consumer group. A Syncer of a version that knew rows by other keys must not be
 * there: it would find none of the rows that this one has written or rewritten, and neither would
 * notice.
 */
public final class GroupMembers {
    private static final Logger log = LoggerFactory.getLogger(GroupMembers.class);
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final ConsumerGroups groups;
    private final String group;
    private final Duration patience;
    private final Sleeper sleeper;

    /**
     * @param groups to ask
     * @param group the consumer group
     * @param patience how long a member that was killed may still be there
     * @param sleeper waits for such a one
     */
    public GroupMembers(ConsumerGroups groups, String group, Duration patience, Sleeper sleeper) {
        this.groups = groups;
        this.group = group;
        this.patience = patience;
        this.sleeper = sleeper;
    }

    /**
     * Waits for others to leave, for a while.
     *
     * @throws ForeignMembersException if they stay
     * @throws ExecutionException with Kafka's exception as its cause
     */
    public void requireOwn() throws InterruptedException, ExecutionException {
        List<String> foreign = foreign();
        for (Duration left = patience; !foreign.isEmpty(); left = left.minus(PAUSE)) {
            if (!left.isPositive()) {
                throw new ForeignMembersException(group, foreign);
            }
            if (left.equals(patience)) {
                log.info("Waiting for members to leave the group {}: {}", group, foreign);
            }
            sleeper.sleep(PAUSE);
            foreign = foreign();
        }
    }

    private List<String> foreign() throws InterruptedException, ExecutionException {
        return groups.find(group).stream() // there is none before the first Syncer ever
                .flatMap(described -> described.members().stream())
                .filter(member -> !member.clientId().endsWith(ApplierClients.MEMBER_MARK))
                .map(member -> member.clientId() + " at " + member.host())
                .toList();
    }
}
