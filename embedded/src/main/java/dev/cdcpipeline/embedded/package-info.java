/** Real servers from Maven jars on free loopback ports, for tests and the demo. */
@NullMarked
package dev.cdcpipeline.embedded;

import org.jspecify.annotations.NullMarked;
