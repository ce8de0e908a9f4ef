/** Compares every document in MongoDB with its row in PostgreSQL, by rules of its own. */
@NullMarked
package dev.cdcpipeline.cli.verify;

import org.jspecify.annotations.NullMarked;
