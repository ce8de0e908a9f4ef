/** Keeping credentials out of everything that is printed. */
@NullMarked
package dev.cdcpipeline.platform.secret;

import org.jspecify.annotations.NullMarked;
