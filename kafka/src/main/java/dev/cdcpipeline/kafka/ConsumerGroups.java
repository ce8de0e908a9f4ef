package dev.cdcpipeline.kafka;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/** What Kafka says of consumer groups. Blocks; thread-safe. */
public final class ConsumerGroups {
    private final Admin admin;

    ConsumerGroups(Admin admin) {
        this.admin = admin;
    }

    /**
     * A consumer group.
     *
     * @param members who is in it now
     * @param allowed what this login may do with it; null if Kafka does not say
     */
    public record Group(List<Member> members, @Nullable Set<AclOperation> allowed) {}

    /**
     * A member of a group.
     *
     * @param clientId its client id
     * @param host where it is
     */
    public record Member(String clientId, String host) {}

    /**
     * Returns a group; empty if there has never been one of this name.
     *
     * @throws ExecutionException with Kafka's exception as its cause
     */
    public Optional<Group> find(String group) throws InterruptedException, ExecutionException {
        var options = new DescribeConsumerGroupsOptions().includeAuthorizedOperations(true);
        try {
            return admin
                    .describeConsumerGroups(List.of(group), options)
                    .all()
                    .get()
                    .values()
                    .stream()
                    .findFirst()
                    .map(ConsumerGroups::group);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static Group group(ConsumerGroupDescription described) {
        List<Member> members =
                described.members().stream()
                        .map(member -> new Member(member.clientId(), member.host()))
                        .toList();
        return new Group(members, described.authorizedOperations());
    }
}
