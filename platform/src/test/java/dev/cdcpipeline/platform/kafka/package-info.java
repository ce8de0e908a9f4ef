@NullMarked
package dev.cdcpipeline.platform.kafka;

import org.jspecify.annotations.NullMarked;
