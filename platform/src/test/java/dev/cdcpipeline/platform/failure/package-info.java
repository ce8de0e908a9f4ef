/** Tests of this package. */
@NullMarked
package dev.cdcpipeline.platform.failure;

import org.jspecify.annotations.NullMarked;
