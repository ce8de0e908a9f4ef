package dev.cdcpipeline.platform.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.jul.LevelChangePropagator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;

import dev.cdcpipeline.platform.config.LogFormat;
import dev.cdcpipeline.platform.config.LogLevel;
import dev.cdcpipeline.platform.config.LogSettings;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

import java.util.List;

/** Sets up Logback, without any file: what is logged goes to standard output. */
public final class Logging {
    /** The root of the service's own loggers. */
    private static final String OWN = "dev.cdcpipeline";

    /** What these warn of, with a stack trace each time, we say ourselves. */
    private static final List<String> TOLD_TWICE =
            List.of(
                    "com.zaxxer.hikari.pool",
                    "org.postgresql.ssl",
                    "org.apache.kafka.clients.admin.internals.AdminMetadataManager");

    /**
     * Calls it an error when a deserializer refuses a record, which is how the Syncer ends a poll
     * that has enough; whatever else may be wrong with a record is in an exception, too.
     */
    private static final String REFUSED_RECORDS =
            "org.apache.kafka.clients.consumer.internals.CompletedFetch";

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
        if (!settings.levels().containsKey("root")) {
            TOLD_TWICE.forEach(name -> context.getLogger(name).setLevel(Level.ERROR));
            context.getLogger(REFUSED_RECORDS).setLevel(Level.OFF);
        }
        context.getLogger(OWN).setLevel(level(settings.level()));
        settings.levels().forEach((name, level) -> context.getLogger(name).setLevel(level(level)));
    }

    /** For a command that says in its own words what it finds: libraries log nothing. */
    public static void silence() {
        var context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        toStandardOutput(context, EntryEncoder.console("cdc"), Level.OFF);
    }

    /**
     * Sets how much one of several services in a process logs, and single loggers, after {@link
     * #configure}.
     *
     * @param service the service's name, which is also that of its package
     */
    public static void levels(LogSettings settings, String service) {
        var context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.getLogger(OWN + "." + service).setLevel(level(settings.level()));
        settings.levels().forEach((name, level) -> context.getLogger(name).setLevel(level(level)));
    }

    /**
     * What libraries log by {@code java.util.logging}, as PostgreSQL's driver does, goes the same
     * way as all else. Its loggers follow ours in their levels, so that what is not wanted costs
     * nothing.
     */
    private static void bridgeJavaLogging(LoggerContext context) {
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        var levels = new LevelChangePropagator();
        levels.setContext(context);
        levels.setResetJUL(true);
        levels.start();
        context.addListener(levels);
    }

    static void toStandardOutput(
            LoggerContext context, Encoder<ILoggingEvent> encoder, Level libraries) {
        var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(libraries);
        root.addAppender(appender(context, encoder));
        bridgeJavaLogging(context);
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
            case CONSOLE -> EntryEncoder.console(service);
            case JSON -> EntryEncoder.json(service);
        };
    }

    private static Level level(LogLevel level) {
        return Level.toLevel(level.name());
    }
}
