/** Tests of the Syncer: support. */
@NullMarked
package dev.cdcpipeline.syncer.support;

import org.jspecify.annotations.NullMarked;
