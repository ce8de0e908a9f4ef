package dev.cdcpipeline.platform.config;

import dev.cdcpipeline.platform.config.Option.Shape;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Every option of a settings record: the one source for checking a configuration, for its reference
 * page and for the example files.
 *
 * <p>A component of such a record is a nested group, itself a record, or an option: a text, number,
 * boolean, enum, {@code Duration}, {@link ByteSize}, {@code Path}, {@code URI} or {@code Secret},
 * or an {@code Optional}, a {@code List}, a {@code Set} or a {@code Map<String, ...>} of these. The
 * option of {@code maxWait} is {@code max-wait}.
 *
 * @param prefix the root of all keys, {@code watcher}
 * @param options as declared; those of a group together, before its nested groups
 */
public record Schema(String prefix, List<Option> options) {

    public Schema {
        options = List.copyOf(options);
    }

    /**
     * Reads the options of a type.
     *
     * @param type a record with a {@link Prefix}
     * @throws IllegalArgumentException if an option has a shape or type that is not supported
     */
    public static Schema of(Class<?> type) {
        var prefix = type.getAnnotation(Prefix.class);
        if (prefix == null || !type.isRecord()) {
            throw new IllegalArgumentException(type + " needs @Prefix, and to be a record");
        }
        var options = new ArrayList<Option>();
        collect(type, prefix.value(), null, options);
        return new Schema(prefix.value(), options);
    }

    /** The option with this key, if there is one. */
    public Optional<Option> find(String key) {
        return options.stream().filter(option -> option.key().equals(key)).findFirst();
    }

    /** The full key of an option or group. */
    static String keyOf(String prefix, RecordComponent component) {
        return component.isAnnotationPresent(Inline.class)
                ? prefix
                : prefix
                        + "."
                        + component
                                .getName()
                                .replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-")
                                .toLowerCase(Locale.ROOT);
    }

    private static void collect(
            Class<?> group, String prefix, @Nullable Default override, List<Option> options) {
        var nested = new ArrayList<RecordComponent>();
        for (var component : group.getRecordComponents()) {
            if (!component.getType().isRecord() || component.getType() == ByteSize.class) {
                options.add(option(component, keyOf(prefix, component), override));
            } else if (component.isAnnotationPresent(Inline.class)) {
                collect(component.getType(), prefix, override, options);
            } else {
                nested.add(component);
            }
        }
        for (var component : nested) {
            collect(
                    component.getType(),
                    keyOf(prefix, component),
                    component.getAnnotation(Default.class),
                    options);
        }
    }

    private static Option option(
            RecordComponent component, String key, @Nullable Default override) {
        Type declared = component.getGenericType();
        boolean optional = component.getType() == Optional.class;
        Type value = optional ? argument(declared, 0) : declared;
        var shape = shape(raw(value));
        var type =
                ValueType.of(
                        switch (shape) {
                            case SINGLE -> raw(value);
                            case LIST -> raw(argument(value, 0));
                            case MAP -> raw(argument(value, 1));
                        });
        var standing =
                override != null && override.of().equals(component.getName())
                        ? override
                        : component.getAnnotation(Default.class);
        return new Option(
                key, shape, type, optional, standing == null ? null : standing.value(), component);
    }

    private static Shape shape(Class<?> type) {
        if (type == Map.class) {
            return Shape.MAP;
        }
        return type == List.class || type == Set.class ? Shape.LIST : Shape.SINGLE;
    }

    private static Type argument(Type type, int index) {
        return ((ParameterizedType) type).getActualTypeArguments()[index];
    }

    private static Class<?> raw(Type type) {
        return type instanceof ParameterizedType parameterized
                ? (Class<?>) parameterized.getRawType()
                : (Class<?>) type;
    }
}
