package dev.cdcpipeline.platform.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.ConfigMapping.NamingStrategy;
import io.smallrye.config.ConfigMappingInterface;
import io.smallrye.config.ConfigMappingInterface.MapProperty;
import io.smallrye.config.ConfigMappingInterface.Property;
import io.smallrye.config.WithDefault;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Every option of a mapping type: the one source for checking a configuration, for its reference
 * page and for the example files. Options are single values, {@code Optional}, {@code List}, {@code
 * Set} and {@code Map<String, ...>} of the types that {@link ValueType} knows, in nested groups.
 *
 * @param prefix the root of all keys, {@code watcher}
 * @param options the options; those of a group together, in the order of their names
 */
public record Schema(String prefix, List<Option> options) {

    public Schema {
        options = List.copyOf(options);
    }

    /**
     * Reads the options of a type.
     *
     * @param mapping an interface with {@link ConfigMapping} and a prefix
     * @throws IllegalArgumentException if an option has a shape or type that is not supported
     */
    public static Schema of(Class<?> mapping) {
        var annotation = mapping.getAnnotation(ConfigMapping.class);
        if (annotation == null || annotation.prefix().isEmpty()) {
            throw new IllegalArgumentException(mapping + " needs @ConfigMapping(prefix = ...)");
        }
        var options = new ArrayList<Option>();
        collect(
                ConfigMappingInterface.getConfigurationInterface(mapping),
                annotation.prefix(),
                options);
        return new Schema(annotation.prefix(), options);
    }

    /** The option with this key, if there is one. */
    public Optional<Option> find(String key) {
        return options.stream().filter(option -> option.key().equals(key)).findFirst();
    }

    private static void collect(
            ConfigMappingInterface type, String prefix, ArrayList<Option> options) {
        for (Property property : type.getProperties()) {
            if (property.isDefaultMethod()) {
                continue; // computed from other options, not given
            }
            var key =
                    property.isParentPropertyName()
                            ? prefix
                            : prefix + "." + property.getPropertyName(NamingStrategy.KEBAB_CASE);
            if (property.isGroup()) {
                collect(property.asGroup().getGroupType(), key, options);
            } else {
                options.add(option(property, key));
            }
        }
    }

    private static Option option(Property property, String key) {
        var method = property.getMethod();
        boolean optional = property.isOptional();
        Property value = optional ? property.asOptional().getNestedProperty() : property;
        var shape = shape(value);
        Property element =
                switch (shape) {
                    case SINGLE -> value;
                    case LIST -> value.asCollection().getElement();
                    case MAP -> mapValue(value.asMap(), key);
                };
        var type = ValueType.of(rawType(element, key));
        var defaultValue = defaultOf(method);
        boolean required =
                !optional && !type.optional() && shape != Option.Shape.MAP && defaultValue == null;
        return new Option(key, shape, type, required, defaultValue, method);
    }

    private static Option.Shape shape(Property property) {
        if (property.isMap()) {
            return Option.Shape.MAP;
        }
        return property.isCollection() ? Option.Shape.LIST : Option.Shape.SINGLE;
    }

    private static Property mapValue(MapProperty map, String key) {
        if (map.getKeyRawType() != String.class) {
            throw new IllegalArgumentException(key + ": a map has texts as its keys");
        }
        return map.getValueProperty();
    }

    private static Class<?> rawType(Property property, String key) {
        if (property.isPrimitive()) {
            return property.asPrimitive().getPrimitiveType();
        }
        if (property.isLeaf()) {
            return property.asLeaf().getValueRawType();
        }
        throw new IllegalArgumentException(
                key + ": groups stand alone, not in an Optional, a List or a Map");
    }

    private static @Nullable String defaultOf(Method method) {
        var annotation = method.getAnnotation(WithDefault.class);
        return annotation == null ? null : annotation.value();
    }
}
