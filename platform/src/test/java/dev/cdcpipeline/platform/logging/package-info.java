/** Tests of this package. */
@NullMarked
package dev.cdcpipeline.platform.logging;

import org.jspecify.annotations.NullMarked;
