/** Tests of this package. */
@NullMarked
package dev.cdcpipeline.platform.config;

import org.jspecify.annotations.NullMarked;
