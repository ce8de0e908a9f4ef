package dev.cdcpipeline.platform.config;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A value of a mapping type over checked values. SmallRye's own implementations of such types hand
 * out lists and maps that can be changed; these cannot.
 */
final class Settings implements InvocationHandler {
    private final String prefix;
    private final Map<String, Object> values;

    private Settings(String prefix, Map<String, Object> values) {
        this.prefix = prefix;
        this.values = values;
    }

    /**
     * A value of the mapping type.
     *
     * @param values by the keys of the type's {@link Schema}; a List or a Map where the option has
     *     that shape; nothing where no value is given
     */
    static <T> T of(Class<T> mapping, Map<String, Object> values) {
        return group(mapping, Schema.prefixOf(mapping), Map.copyOf(values));
    }

    private static <T> T group(Class<T> type, String prefix, Map<String, Object> values) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        new Settings(prefix, values)));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
            throws Throwable {
        if (method.getDeclaringClass() == Object.class) {
            return ofObject(proxy, method.getName(), arguments);
        }
        if (method.isDefault()) {
            return InvocationHandler.invokeDefault(proxy, method, arguments);
        }
        var key = Schema.keyOf(prefix, method);
        var type = method.getReturnType();
        return Schema.isGroup(type) ? group(type, key, values) : shaped(type, key);
    }

    private Object shaped(Class<?> type, String key) {
        var value = values.get(key);
        return switch (type.getName()) {
            case "java.util.Optional" -> Optional.ofNullable(value);
            case "java.util.OptionalInt" ->
                    value == null ? OptionalInt.empty() : OptionalInt.of((Integer) value);
            case "java.util.OptionalLong" ->
                    value == null ? OptionalLong.empty() : OptionalLong.of((Long) value);
            case "java.util.OptionalDouble" ->
                    value == null ? OptionalDouble.empty() : OptionalDouble.of((Double) value);
            case "java.util.List" -> value == null ? List.of() : value;
            case "java.util.Set" ->
                    value == null ? Set.of() : Set.copyOf(new LinkedHashSet<>((List<?>) value));
            case "java.util.Map" -> value == null ? Map.of() : value;
            default -> {
                if (value == null) {
                    throw new MissingValueException(key);
                }
                yield value;
            }
        };
    }

    private Object ofObject(Object proxy, String method, Object @Nullable [] arguments) {
        return switch (method) {
            case "equals" ->
                    arguments != null
                            && arguments[0] != null
                            && arguments[0].getClass() == proxy.getClass()
                            && own().equals(
                                            ((Settings) Proxy.getInvocationHandler(arguments[0]))
                                                    .own());
            case "hashCode" -> own().hashCode();
            default -> prefix + " " + own().keySet(); // never the values: they may be credentials
        };
    }

    private Map<String, Object> own() {
        return values.entrySet().stream()
                .filter(value -> value.getKey().startsWith(prefix + "."))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
