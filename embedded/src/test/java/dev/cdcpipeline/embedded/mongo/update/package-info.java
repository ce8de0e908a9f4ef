/** Tests of the embedded MongoDB's package {@code update}. */
@NullMarked
package dev.cdcpipeline.embedded.mongo.update;

import org.jspecify.annotations.NullMarked;
