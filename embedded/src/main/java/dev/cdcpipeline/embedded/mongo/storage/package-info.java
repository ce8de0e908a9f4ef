/** Databases, collections and their documents, written together with the oplog. */
@NullMarked
package dev.cdcpipeline.embedded.mongo.storage;

import org.jspecify.annotations.NullMarked;
