/** Tests of the package of the same name. */
@NullMarked
package dev.cdcpipeline.watcher.publish;

import org.jspecify.annotations.NullMarked;
