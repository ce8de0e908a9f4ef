/** Tests of this package. */
@NullMarked
package dev.cdcpipeline.platform.secret;

import org.jspecify.annotations.NullMarked;
