/** MongoDB: its clients, its errors, and what is asked of a cluster. */
@NullMarked
package dev.cdcpipeline.mongodb;

import org.jspecify.annotations.NullMarked;
