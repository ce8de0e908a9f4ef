/** Where an event belongs: the table of a namespace and the row key of an identifier. */
@NullMarked
package dev.cdcpipeline.syncer.schema;

import org.jspecify.annotations.NullMarked;
