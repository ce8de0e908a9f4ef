/** Reads change streams: scope, raw batches, post-images, split events. */
@NullMarked
package dev.cdcpipeline.watcher.capture;

import org.jspecify.annotations.NullMarked;
