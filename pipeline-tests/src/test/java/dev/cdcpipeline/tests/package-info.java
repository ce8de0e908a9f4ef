/** Both services on real servers: end to end, restart, kill; and the rules of the architecture. */
@NullMarked
package dev.cdcpipeline.tests;

import org.jspecify.annotations.NullMarked;
