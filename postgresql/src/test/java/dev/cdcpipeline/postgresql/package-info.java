/** Tests of this package. */
@NullMarked
package dev.cdcpipeline.postgresql;

import org.jspecify.annotations.NullMarked;
