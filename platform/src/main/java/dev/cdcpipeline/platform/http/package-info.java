/** The HTTP endpoint for metrics and health. */
@NullMarked
package dev.cdcpipeline.platform.http;

import org.jspecify.annotations.NullMarked;
