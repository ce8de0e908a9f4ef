/** The one way to try again: exponential backoff with jitter. */
@NullMarked
package dev.cdcpipeline.platform.retry;

import org.jspecify.annotations.NullMarked;
