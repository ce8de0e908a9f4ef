/** The oplog: one bounded, totally ordered log of everything that was written. */
@NullMarked
package dev.cdcpipeline.embedded.mongo.oplog;

import org.jspecify.annotations.NullMarked;
