/** The change event and its parts, over BSON bytes: what Watcher and Syncer both speak of. */
@NullMarked
package dev.cdcpipeline.model;

import org.jspecify.annotations.NullMarked;
