/** The Watcher as a service: its settings, its wiring and its loop. */
@NullMarked
package dev.cdcpipeline.watcher.app;

import org.jspecify.annotations.NullMarked;
