/** Tests of this package. */
@NullMarked
package dev.cdcpipeline.platform.http;

import org.jspecify.annotations.NullMarked;
