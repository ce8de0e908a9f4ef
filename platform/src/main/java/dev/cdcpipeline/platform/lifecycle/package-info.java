/** A service from its start to its exit code, signals and the drain deadline between. */
@NullMarked
package dev.cdcpipeline.platform.lifecycle;

import org.jspecify.annotations.NullMarked;
