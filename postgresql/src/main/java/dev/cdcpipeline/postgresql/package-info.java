/** PostgreSQL: connections, identifiers and errors. */
@NullMarked
package dev.cdcpipeline.postgresql;

import org.jspecify.annotations.NullMarked;
