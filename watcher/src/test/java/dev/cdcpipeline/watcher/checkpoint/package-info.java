/** Tests of the package of the same name. */
@NullMarked
package dev.cdcpipeline.watcher.checkpoint;

import org.jspecify.annotations.NullMarked;
