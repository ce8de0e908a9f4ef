/** The Prometheus registry with the metrics of the JVM. */
@NullMarked
package dev.cdcpipeline.platform.metrics;

import org.jspecify.annotations.NullMarked;
