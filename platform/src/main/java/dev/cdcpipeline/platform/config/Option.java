package dev.cdcpipeline.platform.config;

import dev.cdcpipeline.platform.secret.Redaction;
import dev.cdcpipeline.platform.secret.Secret;

import io.smallrye.config.WithDefault;

import org.jspecify.annotations.Nullable;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/** One option of a configuration, as its mapping type declares it. Immutable. */
public final class Option {
    private final String key;
    private final Shape shape;
    private final ValueType type;
    private final boolean optional;
    private final Method declaration;

    Option(String key, Shape shape, ValueType type, boolean optional, Method declaration) {
        this.key = key;
        this.shape = shape;
        this.type = type;
        this.optional = optional;
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
        return !optional && shape != Shape.MAP && defaultValue() == null;
    }

    /** The value that stands when none is given, as in the file; null if there is none. */
    public @Nullable String defaultValue() {
        var annotation = annotation(WithDefault.class);
        return annotation == null ? null : annotation.value();
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

    ValueType type() {
        return type;
    }

    <A extends Annotation> @Nullable A annotation(Class<A> annotation) {
        var own = declaration.getAnnotation(annotation);
        return own == null ? inherited(annotation, declaration.getDeclaringClass()) : own;
    }

    /** What an overridden declaration of the option says. */
    private <A extends Annotation> @Nullable A inherited(Class<A> annotation, Class<?> group) {
        return Arrays.stream(group.getInterfaces())
                .flatMap(parent -> inParent(annotation, parent))
                .findFirst()
                .orElse(null);
    }

    private <A extends Annotation> Stream<A> inParent(Class<A> annotation, Class<?> parent) {
        var overridden =
                Arrays.stream(parent.getDeclaredMethods())
                        .filter(method -> method.getName().equals(declaration.getName()))
                        .map(method -> method.getAnnotation(annotation));
        return Stream.concat(overridden, Stream.ofNullable(inherited(annotation, parent)))
                .filter(Objects::nonNull);
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
