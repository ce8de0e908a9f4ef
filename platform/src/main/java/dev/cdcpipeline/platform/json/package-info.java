/** Writing JSON objects for logs and health. */
@NullMarked
package dev.cdcpipeline.platform.json;

import org.jspecify.annotations.NullMarked;
