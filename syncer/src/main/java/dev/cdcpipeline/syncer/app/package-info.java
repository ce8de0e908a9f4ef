/** The Syncer as a service: its settings and the one place where its parts are put together. */
@NullMarked
package dev.cdcpipeline.syncer.app;

import org.jspecify.annotations.NullMarked;
