/** Logback set up in code: console and JSON. */
@NullMarked
package dev.cdcpipeline.platform.logging;

import org.jspecify.annotations.NullMarked;
