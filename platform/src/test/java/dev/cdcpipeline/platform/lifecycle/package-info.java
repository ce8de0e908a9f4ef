/** Tests of this package. */
@NullMarked
package dev.cdcpipeline.platform.lifecycle;

import org.jspecify.annotations.NullMarked;
