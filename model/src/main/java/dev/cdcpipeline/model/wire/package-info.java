/** What travels through Kafka: key, value and headers of a record, as JSON or as BSON. */
@NullMarked
package dev.cdcpipeline.model.wire;

import org.jspecify.annotations.NullMarked;
