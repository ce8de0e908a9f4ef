/** TLS out of the PEM files of the configuration. */
@NullMarked
package dev.cdcpipeline.platform.tls;

import org.jspecify.annotations.NullMarked;
