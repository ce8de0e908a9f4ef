package dev.cdcpipeline.platform.config;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The form of a text option (of each element, if it is a list). */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Matches {
    /** The form of a topic's name in Kafka. */
    String TOPIC = "(?!\\.\\.?$)[a-zA-Z0-9._-]{1,249}";

    /** The same for people. */
    String TOPIC_SAYS = "up to 249 letters, digits, dots, dashes and underscores";

    /** A regular expression which the whole value matches. */
    String regex();

    /** The same for people: {@code "host:port, host:port, ..."}. */
    String says();
}
