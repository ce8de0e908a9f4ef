/** Which parts of the service work, since when, and why not. */
@NullMarked
package dev.cdcpipeline.platform.health;

import org.jspecify.annotations.NullMarked;
