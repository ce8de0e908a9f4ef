/** What a service reports of itself to programs and to the command line. */
@NullMarked
package dev.cdcpipeline.platform.status;

import org.jspecify.annotations.NullMarked;
