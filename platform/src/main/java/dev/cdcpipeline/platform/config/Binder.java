package dev.cdcpipeline.platform.config;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.Array;
import java.lang.reflect.RecordComponent;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes settings records of checked values. */
final class Binder {
    private final Map<String, Object> values;

    /**
     * A binder of values.
     *
     * @param values by the keys of a {@link Schema}; a List or a Map where the option has that
     *     shape; nothing where no value is given
     */
    Binder(Map<String, Object> values) {
        this.values = values;
    }

    /** A record of the values; what is required and not there is null, or 0 or false in it. */
    <T> T bind(Class<T> type, String prefix) {
        var components = type.getRecordComponents();
        var types = new Class<?>[components.length];
        var arguments = new @Nullable Object[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            arguments[i] = value(components[i], Schema.keyOf(prefix, components[i]));
        }
        try {
            var constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true); // records of a package's own are settings too
            return constructor.newInstance(arguments);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " cannot be made", e);
        }
    }

    private @Nullable Object value(RecordComponent component, String key) {
        var type = component.getType();
        var value = values.get(key);
        if (type == Optional.class) {
            return Optional.ofNullable(value);
        }
        if (type == Set.class && value != null) {
            return Collections.unmodifiableSet(new LinkedHashSet<>((List<?>) value));
        }
        if (value != null) {
            return value;
        }
        return type.isRecord() && type != ByteSize.class ? bind(type, key) : empty(type);
    }

    private static @Nullable Object empty(Class<?> type) {
        return switch (type.getName()) {
            case "java.util.List" -> List.of();
            case "java.util.Set" -> Set.of();
            case "java.util.Map" -> Map.of();
            default -> Array.get(Array.newInstance(type, 1), 0);
        };
    }
}
