/**
 * Property-based testing with a replayable seed, and generators of BSON, and a line that goes dead,
 * for the tests of every module.
 */
@NullMarked
package dev.cdcpipeline.testkit;

import org.jspecify.annotations.NullMarked;
