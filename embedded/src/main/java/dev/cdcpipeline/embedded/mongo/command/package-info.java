/** The commands that the replica set answers. */
@NullMarked
package dev.cdcpipeline.embedded.mongo.command;

import org.jspecify.annotations.NullMarked;
