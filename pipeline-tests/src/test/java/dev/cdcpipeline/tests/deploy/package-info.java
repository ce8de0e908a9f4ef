/** What is in {@code deploy/} fits the services and the formats it is written in. */
@NullMarked
package dev.cdcpipeline.tests.deploy;

import org.jspecify.annotations.NullMarked;
