/** Tests of the embedded MongoDB's package {@code storage}. */
@NullMarked
package dev.cdcpipeline.embedded.mongo.storage;

import org.jspecify.annotations.NullMarked;
