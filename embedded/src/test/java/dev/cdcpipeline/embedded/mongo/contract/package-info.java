/**
 * The contract of a MongoDB replica set as the pipeline sees it: the same tests run against the
 * embedded replica set and, when {@code CDC_TEST_MONGODB_URI} is set, against a real one.
 */
@NullMarked
package dev.cdcpipeline.embedded.mongo.contract;

import org.jspecify.annotations.NullMarked;
