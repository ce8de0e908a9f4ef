/** Cursors: results that clients take in batches. */
@NullMarked
package dev.cdcpipeline.embedded.mongo.cursor;

import org.jspecify.annotations.NullMarked;
