/** Tests of this package. */
@NullMarked
package dev.cdcpipeline.platform.retry;

import org.jspecify.annotations.NullMarked;
