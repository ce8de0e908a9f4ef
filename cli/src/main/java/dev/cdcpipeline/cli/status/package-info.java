/** What the services say of themselves, for people. */
@NullMarked
package dev.cdcpipeline.cli.status;

import org.jspecify.annotations.NullMarked;
