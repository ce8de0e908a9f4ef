/** Writes events to Kafka and knows which of them are durable there. */
@NullMarked
package dev.cdcpipeline.watcher.publish;

import org.jspecify.annotations.NullMarked;
