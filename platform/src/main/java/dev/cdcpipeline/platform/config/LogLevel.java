package dev.cdcpipeline.platform.config;

/** How important a record must be to be logged. */
public enum LogLevel {
    ERROR,
    WARN,
    INFO,
    DEBUG,
    TRACE
}
