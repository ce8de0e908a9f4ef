/** Keeps the position from which a restarted Watcher goes on. */
@NullMarked
package dev.cdcpipeline.watcher.checkpoint;

import org.jspecify.annotations.NullMarked;
