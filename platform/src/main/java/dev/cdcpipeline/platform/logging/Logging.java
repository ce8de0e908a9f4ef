package dev.cdcpipeline.platform.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;

import dev.cdcpipeline.platform.config.LogFormat;
import dev.cdcpipeline.platform.config.LogLevel;
import dev.cdcpipeline.platform.config.LogSettings;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sets up Logback, without any file: what is logged goes to standard output. */
public final class Logging {
    /** The root of the service's own loggers. */
    private static final String OWN = "dev.cdcpipeline";

    private Logging() {}

    /**
     * Sets up the logs of this process.
     *
     * @param service the name every record carries, {@code watcher}
     */
    public static void configure(LogSettings settings, String service) {
        var context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        // Kafka, the MongoDB driver and Hikari narrate at info.
        toStandardOutput(context, encoder(settings.format(), service), Level.WARN);
        context.getLogger(OWN).setLevel(level(settings.level()));
        settings.levels().forEach((name, level) -> context.getLogger(name).setLevel(level(level)));
    }

    static void toStandardOutput(
            LoggerContext context, Encoder<ILoggingEvent> encoder, Level libraries) {
        var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(libraries);
        root.addAppender(appender(context, encoder));
    }

    private static ConsoleAppender<ILoggingEvent> appender(
            LoggerContext context, Encoder<ILoggingEvent> encoder) {
        encoder.setContext(context);
        encoder.start();
        var appender = new ConsoleAppender<ILoggingEvent>();
        appender.setContext(context);
        appender.setEncoder(encoder);
        var repeats = new RepeatFilter();
        repeats.start();
        appender.addFilter(repeats);
        appender.start();
        return appender;
    }

    private static Encoder<ILoggingEvent> encoder(LogFormat format, String service) {
        return switch (format) {
            case CONSOLE -> new ConsoleEncoder(service);
            case JSON -> new JsonEncoder(service);
        };
    }

    private static Level level(LogLevel level) {
        return Level.toLevel(level.name());
    }
}
