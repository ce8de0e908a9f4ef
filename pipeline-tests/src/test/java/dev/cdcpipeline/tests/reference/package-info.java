/** The reference pages and example files, held against the code that they are about. */
@NullMarked
package dev.cdcpipeline.tests.reference;

import org.jspecify.annotations.NullMarked;
