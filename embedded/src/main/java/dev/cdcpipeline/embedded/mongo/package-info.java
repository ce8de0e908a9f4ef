/** A MongoDB replica set inside the JVM, whose change streams behave as MongoDB documents them. */
@NullMarked
package dev.cdcpipeline.embedded.mongo;

import org.jspecify.annotations.NullMarked;
