/**
 * What went wrong, in neutral terms, with the reaction to it; and the contract of the error
 * catalogues, one for each outside system.
 */
@NullMarked
package dev.cdcpipeline.platform.failure;

import org.jspecify.annotations.NullMarked;
