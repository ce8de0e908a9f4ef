package dev.cdcpipeline.platform.config;

import java.util.Map;

/**
 * What is logged, and how it looks.
 *
 * @param level how much the service itself logs; libraries log at warn unless {@link #levels} says
 *     more
 * @param format how a record looks
 * @param levels levels of single loggers by their name; never null
 */
public record LogSettings(
        @Description("How much the service logs. Libraries log at warn, whatever is said here.")
                @Default("info")
                LogLevel level,
        @Description("console for people, json (one object a line) for log collectors.")
                @Default("console")
                LogFormat format,
        @Description("Levels of single loggers, for example org.apache.kafka: info.")
                Map<String, LogLevel> levels) {}
