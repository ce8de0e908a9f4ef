package dev.cdcpipeline.platform.config;

/** How a log record looks. */
public enum LogFormat {
    /** A line for people. */
    CONSOLE,
    /** One JSON object a line. */
    JSON
}
