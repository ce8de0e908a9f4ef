/** Tries the servers that a configuration names, and says what is missing and how to mend it. */
@NullMarked
package dev.cdcpipeline.cli.doctor;

import org.jspecify.annotations.NullMarked;
