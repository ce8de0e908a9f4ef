/** No credential leaves a process of ours, however hard it fails. */
@NullMarked
package dev.cdcpipeline.tests.secrets;

import org.jspecify.annotations.NullMarked;
