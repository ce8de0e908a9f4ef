package dev.cdcpipeline.platform.config;

import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with a configuration.
 *
 * @param key the full key, {@code watcher.kafka.bootstrap-servers}
 * @param value the value given, credentials masked; null if none was given
 * @param says what is allowed, or what to do
 */
public record Problem(String key, @Nullable String value, String says) {

    /** One line: key, value, what is allowed. */
    @Override
    public String toString() {
        return value == null ? key + ": " + says : key + " = " + value + ": " + says;
    }
}
