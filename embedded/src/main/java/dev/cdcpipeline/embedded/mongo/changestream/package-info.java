/** Change streams: from oplog entries to the events that a client sees. */
@NullMarked
package dev.cdcpipeline.embedded.mongo.changestream;

import org.jspecify.annotations.NullMarked;
