package dev.cdcpipeline.platform.config;

import io.smallrye.config.WithDefault;

import java.util.Map;

/** What is logged, and how it looks. */
public interface LogSettings {

    /** How much the service itself logs; libraries log at warn unless {@link #levels} says more. */
    @Description("How much the service logs. Libraries log at warn, whatever is said here.")
    @WithDefault("info")
    LogLevel level();

    /** How a record looks. */
    @Description("console for people, json (one object a line) for log collectors.")
    @WithDefault("console")
    LogFormat format();

    /** Levels of single loggers by their name; never null. */
    @Description("Levels of single loggers, for example org.apache.kafka: info.")
    Map<String, LogLevel> levels();
}
