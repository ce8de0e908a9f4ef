/** What the documentation tells people to type, typed. */
@NullMarked
package dev.cdcpipeline.tests.docs;

import org.jspecify.annotations.NullMarked;
