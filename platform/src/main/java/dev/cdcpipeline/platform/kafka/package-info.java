/** What both services do before they make a client of Kafka. */
@NullMarked
package dev.cdcpipeline.platform.kafka;

import org.jspecify.annotations.NullMarked;
