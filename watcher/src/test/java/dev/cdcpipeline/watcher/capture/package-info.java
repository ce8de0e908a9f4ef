/** Tests of the package of the same name. */
@NullMarked
package dev.cdcpipeline.watcher.capture;

import org.jspecify.annotations.NullMarked;
