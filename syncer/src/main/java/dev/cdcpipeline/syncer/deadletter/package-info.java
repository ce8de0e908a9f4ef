/** What cannot be applied: set aside in a topic of its own with its origin and its cause. */
@NullMarked
package dev.cdcpipeline.syncer.deadletter;

import org.jspecify.annotations.NullMarked;
