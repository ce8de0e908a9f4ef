package dev.cdcpipeline.syncer.consume;

import dev.cdcpipeline.platform.failure.Explained;

import java.util.List;

/** The consumer group has members that are no Syncers of this version. The service stops. */
public final class ForeignMembersException extends RuntimeException implements Explained {
    private static final long serialVersionUID = 1L;

    /**
     * @param group the consumer group
     * @param members their client ids and hosts
     */
    ForeignMembersException(String group, List<String> members) {
        super(
                "The consumer group %s has members that are no Syncers of this version: %s. An older Syncer knows rows by other keys and would miss those of this one: stop all Syncers of the group before the first one of this version starts (docs/how-to/upgrade.md). Another application would take records away: give it a group of its own, or the Syncer another one (syncer.kafka.group)."
                        .formatted(group, members));
    }
}
