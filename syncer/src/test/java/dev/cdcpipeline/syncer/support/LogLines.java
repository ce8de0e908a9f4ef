package dev.cdcpipeline.syncer.support;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;

import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

import java.util.List;

/** Hears what is logged, until it is closed. */
public final class LogLines implements AutoCloseable {
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Logger logger;
    private final @Nullable Level before;

    /** Begins to listen to a logger and those below it, at debug too. */
    public LogLines(String name) {
        this(name, Level.DEBUG);
    }

    /** Begins to listen to a logger and those below it, from a level up. */
    public LogLines(String name, Level level) {
        logger = (Logger) LoggerFactory.getLogger(name);
        before = logger.getLevel();
        lines.start();
        logger.setLevel(level);
        logger.addAppender(lines);
    }

    /** The lines that hold a text. */
    public List<String> with(String text) {
        return all().stream().filter(line -> line.contains(text)).toList();
    }

    /** All lines so far. */
    public List<String> all() {
        return List.copyOf(lines.list).stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Override
    public void close() {
        logger.detachAppender(lines);
        logger.setLevel(before);
    }
}
