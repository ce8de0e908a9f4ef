/** Tests of this package. */
@NullMarked
package dev.cdcpipeline.mongodb;

import org.jspecify.annotations.NullMarked;
