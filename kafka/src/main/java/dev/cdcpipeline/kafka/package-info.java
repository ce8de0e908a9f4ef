/** Kafka: what both services know of it. */
@NullMarked
package dev.cdcpipeline.kafka;

import org.jspecify.annotations.NullMarked;
