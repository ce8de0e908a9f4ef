/** Pure: from records to the changes of rows that a batch comes down to. No I/O, no clock. */
@NullMarked
package dev.cdcpipeline.syncer.plan;

import org.jspecify.annotations.NullMarked;
