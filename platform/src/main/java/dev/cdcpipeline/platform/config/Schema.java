package dev.cdcpipeline.platform.config;

import dev.cdcpipeline.platform.config.Option.Shape;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.ConfigMapping.NamingStrategy;
import io.smallrye.config.WithName;
import io.smallrye.config.WithParentName;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Every option of a mapping type: the one source for checking a configuration, for its reference
 * page and for the example files.
 *
 * <p>A mapping type is an interface in the style of SmallRye Config, whose annotations it carries.
 * Its methods are options or nested groups of them. An option is a text, number, boolean, enum,
 * {@code Duration}, {@link ByteSize}, {@code Path}, {@code URI} or {@code Secret}, or an {@code
 * Optional}, a {@code List}, a {@code Set} or a {@code Map<String, ...>} of these.
 *
 * @param prefix the root of all keys, {@code watcher}
 * @param options the options; those of a group together, before its nested groups
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
        return of(mapping, group -> Comparator.comparing(Method::getName));
    }

    /** Like {@link #of}, with the options of a group in the order of their declaration: to read. */
    public static Schema asDeclared(Class<?> mapping) {
        return of(mapping, DeclarationOrder::of);
    }

    private static Schema of(Class<?> mapping, Function<Class<?>, Comparator<Method>> order) {
        var options = new ArrayList<Option>();
        collect(mapping, prefixOf(mapping), order, options);
        return new Schema(prefixOf(mapping), options);
    }

    /** The option with this key, if there is one. */
    public Optional<Option> find(String key) {
        return options.stream().filter(option -> option.key().equals(key)).findFirst();
    }

    static String prefixOf(Class<?> mapping) {
        var annotation = mapping.getAnnotation(ConfigMapping.class);
        if (annotation == null || annotation.prefix().isEmpty()) {
            throw new IllegalArgumentException(mapping + " needs @ConfigMapping(prefix = ...)");
        }
        return annotation.prefix();
    }

    /** The full key of an option or group. */
    static String keyOf(String prefix, Method method) {
        if (method.isAnnotationPresent(WithParentName.class)) {
            return prefix;
        }
        var name = method.getAnnotation(WithName.class);
        return prefix
                + "."
                + (name == null ? NamingStrategy.KEBAB_CASE.apply(method.getName()) : name.value());
    }

    static boolean isGroup(Class<?> type) {
        return type.isInterface() && !type.getName().startsWith("java.");
    }

    private static void collect(
            Class<?> group,
            String prefix,
            Function<Class<?>, Comparator<Method>> order,
            ArrayList<Option> options) {
        var groupsLast = Comparator.comparing((Method method) -> isGroup(method.getReturnType()));
        Arrays.stream(group.getMethods())
                .filter(method -> Modifier.isAbstract(method.getModifiers()))
                .sorted(groupsLast.thenComparing(order.apply(group)))
                .forEach(
                        method -> {
                            var key = keyOf(prefix, method);
                            if (isGroup(method.getReturnType())) {
                                collect(method.getReturnType(), key, order, options);
                            } else {
                                options.add(option(method, key));
                            }
                        });
    }

    private static Option option(Method method, String key) {
        Type declared = method.getGenericReturnType();
        boolean optional = method.getReturnType() == Optional.class;
        Type value = optional ? argument(declared, 0) : declared;
        var shape = shape(raw(value));
        var type =
                ValueType.of(
                        switch (shape) {
                            case SINGLE -> raw(value);
                            case LIST -> raw(argument(value, 0));
                            case MAP -> raw(argument(value, 1));
                        });
        return new Option(key, shape, type, optional || type.optional(), method);
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
