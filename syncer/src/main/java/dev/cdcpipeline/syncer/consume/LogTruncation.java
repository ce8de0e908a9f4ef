package dev.cdcpipeline.syncer.consume;

import org.jspecify.annotations.Nullable;

/**
 * Kafka's log of a partition is not the one that was applied: a leader that had not all of it took
 * over, and new records took the offsets (KIP-320).
 *
 * @param divergentOffset the first offset that may hold another record now; null if the broker
 *     cannot tell, as no record came since: then the end of the log says it
 */
record LogTruncation(@Nullable Long divergentOffset) {}
