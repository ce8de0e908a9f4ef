/** Aggregation stages that work on one document at a time, and pipelines made of them. */
@NullMarked
package dev.cdcpipeline.embedded.mongo.pipeline;

import org.jspecify.annotations.NullMarked;
