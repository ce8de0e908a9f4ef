/** Tests of the embedded MongoDB replica set. */
@NullMarked
package dev.cdcpipeline.embedded.mongo;

import org.jspecify.annotations.NullMarked;
