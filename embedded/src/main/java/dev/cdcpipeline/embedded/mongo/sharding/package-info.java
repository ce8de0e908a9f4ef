/** The shards behind a router: which of them a document is on, and an oplog for each. */
@NullMarked
package dev.cdcpipeline.embedded.mongo.sharding;

import org.jspecify.annotations.NullMarked;
