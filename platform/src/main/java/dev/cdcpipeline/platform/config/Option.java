package dev.cdcpipeline.platform.config;

import dev.cdcpipeline.platform.secret.Redaction;
import dev.cdcpipeline.platform.secret.Secret;

import org.jspecify.annotations.Nullable;

import java.lang.annotation.Annotation;
import java.lang.reflect.RecordComponent;
import java.util.Locale;

/**
 * One option of a configuration, as a component of a settings record declares it.
 *
 * @param key the full key, {@code watcher.kafka.bootstrap-servers}; of a map, without the names in
 *     it
 * @param shape one value, a list, or values by name
 * @param type what each value is
 * @param optional whether the component itself says that there may be no value
 * @param defaultValue the value that stands when none is given, as in the file; null if there is
 *     none
 * @param declaration where its annotations are
 */
public record Option(
        String key,
        Shape shape,
        ValueType type,
        boolean optional,
        @Nullable String defaultValue,
        RecordComponent declaration) {

    /** How many values an option has. */
    public enum Shape {
        /** One. */
        SINGLE,
        /** Several, in order. */
        LIST,
        /** Several by name. */
        MAP
    }

    /**
     * The environment variable that gives or overrides the option; of a map, what they begin with.
     */
    public String environmentName() {
        return key.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }

    /** Whether the service refuses to start without it. */
    public boolean required() {
        return !optional && shape != Shape.MAP && defaultValue == null;
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

    /** What is allowed, for the operator who erred: {@code a size such as 64KiB, from 1KiB ...}. */
    public String allowed() {
        return allowed(type.says() + type.examples());
    }

    /** What is allowed, for a page that explains sizes and durations itself. */
    public String allowedBriefly() {
        return allowed(type.says());
    }

    private String allowed(String form) {
        var matches = annotation(Matches.class);
        var one = (matches == null ? form : matches.says()) + range();
        return shape == Shape.LIST ? one + "; several as a list or separated by commas" : one;
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

    /** An annotation of the component; null if it has none of this type. */
    public <A extends Annotation> @Nullable A annotation(Class<A> annotation) {
        return declaration.getAnnotation(annotation);
    }

    /** The value of a text; null if the option may not have it. */
    @Nullable Object parse(String text) {
        try {
            var value = type.parse().apply(text);
            return inRange(value) && matches(text) ? value : null;
        } catch (RuntimeException e) {
            return null; // what is allowed is said by the option, better than by the parser
        }
    }

    private boolean inRange(Object value) {
        var range = annotation(Range.class);
        return range == null
                || ((range.min().isEmpty()
                                || ValueType.compare(value, type.parse().apply(range.min())) >= 0)
                        && (range.max().isEmpty()
                                || ValueType.compare(value, type.parse().apply(range.max())) <= 0));
    }

    private boolean matches(String text) {
        var form = annotation(Matches.class);
        return form == null || text.matches(form.regex());
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
