/**
 * MongoDB's wire protocol: messages over loopback TCP, and BSON to and from the server's documents.
 */
@NullMarked
package dev.cdcpipeline.embedded.mongo.wire;

import org.jspecify.annotations.NullMarked;
