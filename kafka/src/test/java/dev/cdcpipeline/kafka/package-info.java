/** Tests of this package. */
@NullMarked
package dev.cdcpipeline.kafka;

import org.jspecify.annotations.NullMarked;
