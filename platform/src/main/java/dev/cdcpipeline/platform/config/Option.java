package dev.cdcpipeline.platform.config;

import dev.cdcpipeline.platform.secret.Redaction;
import dev.cdcpipeline.platform.secret.Secret;

import org.jspecify.annotations.Nullable;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.util.Locale;

/** One option of a configuration, as its mapping type declares it. Immutable. */
public final class Option {
    private final String key;
    private final Shape shape;
    private final ValueType type;
    private final boolean required;
    private final @Nullable String defaultValue;
    private final AnnotatedElement declaration;

    Option(
            String key,
            Shape shape,
            ValueType type,
            boolean required,
            @Nullable String defaultValue,
            AnnotatedElement declaration) {
        this.key = key;
        this.shape = shape;
        this.type = type;
        this.required = required;
        this.defaultValue = defaultValue;
        this.declaration = declaration;
    }

    /** How many values an option has. */
    public enum Shape {
        /** One. */
        SINGLE,
        /** Several, in order. */
        LIST,
        /** Several by name. */
        MAP
    }

    /** The full key, {@code watcher.kafka.bootstrap-servers}; of a map, without the names in it. */
    public String key() {
        return key;
    }

    /**
     * The environment variable that gives or overrides the option; of a map, what they begin with.
     */
    public String environmentName() {
        return key.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }

    /** One value, a list, or values by name. */
    public Shape shape() {
        return shape;
    }

    /** Whether the service refuses to start without it. */
    public boolean required() {
        return required;
    }

    /** The value that stands when none is given, as in the file; null if there is none. */
    public @Nullable String defaultValue() {
        return defaultValue;
    }

    /** What the option means, for the operator; empty if its declaration does not say. */
    public String description() {
        var description = annotation(Description.class);
        return description == null ? "" : description.value();
    }

    /** Whether its value is never printed. */
    public boolean secret() {
        return type.javaType() == Secret.class;
    }

    /** What is allowed, for the operator: {@code a whole number from 1 to 65535}. */
    public String allowed() {
        var matches = annotation(Matches.class);
        return (matches == null ? type.says() : matches.says()) + range();
    }

    private String range() {
        var range = annotation(Range.class);
        if (range == null) {
            return "";
        }
        if (range.max().isEmpty()) {
            return ", at least " + range.min();
        }
        return range.min().isEmpty()
                ? ", at most " + range.max()
                : ", from " + range.min() + " to " + range.max();
    }

    ValueType type() {
        return type;
    }

    <A extends Annotation> @Nullable A annotation(Class<A> annotation) {
        return declaration.getAnnotation(annotation);
    }

    /** A value as it may be shown. */
    String shown(String name, String value) {
        return secret() || Redaction.isSecretKey(name) ? Redaction.MASK : Redaction.redact(value);
    }

    @Override
    public String toString() {
        return key;
    }
}
