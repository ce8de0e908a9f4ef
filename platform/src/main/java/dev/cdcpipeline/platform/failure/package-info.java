/** What went wrong, in neutral terms, and the one table that says how to react. */
@NullMarked
package dev.cdcpipeline.platform.failure;

import org.jspecify.annotations.NullMarked;
