/**
 * From Kafka to the workers: the poll loop, the partitions this instance owns, and bounded queues.
 */
@NullMarked
package dev.cdcpipeline.syncer.consume;

import org.jspecify.annotations.NullMarked;
