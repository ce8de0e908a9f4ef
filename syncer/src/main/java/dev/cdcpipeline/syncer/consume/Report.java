package dev.cdcpipeline.syncer.consume;

import dev.cdcpipeline.syncer.plan.Progress;

import org.apache.kafka.common.TopicPartition;

import java.util.List;
import java.util.Map;

/** What other threads tell the poll loop. */
sealed interface Report {

    /** The ledger says where a partition starts. */
    record Opened(Claim claim, Progress progress) implements Report {}

    /** Offsets below these are committed in the database. */
    record Applied(Map<TopicPartition, Long> nextOffsets) implements Report {}

    /** The ledger of these partitions is not where this instance left it (I4, I5). */
    record Fenced(List<Claim> claims) implements Report {}

    /** The topic of these partitions was deleted and created anew (I5). */
    record Replaced(List<Claim> claims) implements Report {}

    /** A thread cannot go on. */
    record Failed(Throwable cause) implements Report {

        /** Throws it on the thread that reads this. */
        void rethrow() throws Exception {
            switch (cause) {
                case Exception exception -> throw exception;
                case Error error -> throw error;
                default -> throw new IllegalStateException(cause);
            }
        }
    }
}
