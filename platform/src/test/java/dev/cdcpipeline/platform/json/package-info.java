/** Tests of this package. */
@NullMarked
package dev.cdcpipeline.platform.json;

import org.jspecify.annotations.NullMarked;
