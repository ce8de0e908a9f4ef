/** Tests of this package. */
@NullMarked
package dev.cdcpipeline.platform.health;

import org.jspecify.annotations.NullMarked;
