/** The command line: what an operator starts and asks. */
@NullMarked
package dev.cdcpipeline.cli;

import org.jspecify.annotations.NullMarked;
