/** Tests of the embedded MongoDB's package {@code wire}. */
@NullMarked
package dev.cdcpipeline.embedded.mongo.wire;

import org.jspecify.annotations.NullMarked;
