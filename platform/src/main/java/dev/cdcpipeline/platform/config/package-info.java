/** Settings from a YAML file and the environment, as immutable validated values. */
@NullMarked
package dev.cdcpipeline.platform.config;

import org.jspecify.annotations.NullMarked;
