/** JMH benchmarks of the hot paths, run by hand with {@code benchmarks/run}. */
@NullMarked
package dev.cdcpipeline.benchmarks;

import org.jspecify.annotations.NullMarked;
