package dev.cdcpipeline.platform.config;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The values an option may have, both ends included, written as in the configuration file: {@code
 * "1"}, {@code "10ms"}, {@code "64MiB"}. An empty end is open. For numbers, durations and sizes.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Range {
    String min() default "";

    String max() default "";
}
