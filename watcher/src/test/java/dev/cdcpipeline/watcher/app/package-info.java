/** Tests of the package of the same name. */
@NullMarked
package dev.cdcpipeline.watcher.app;

import org.jspecify.annotations.NullMarked;
