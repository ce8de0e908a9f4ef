package dev.cdcpipeline.platform.config;

import dev.cdcpipeline.platform.secret.Secret;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;

/**
 * How the text of a configuration becomes a value of one type.
 *
 * @param javaType what {@code parse} returns
 * @param says what is allowed, for people
 * @param examples of it, to go behind {@code says}; may be empty
 * @param parse text to value; any exception means that the text is not one
 */
record ValueType(Class<?> javaType, String says, String examples, Function<String, Object> parse) {

    /**
     * The type of options declared with this class.
     *
     * @throws IllegalArgumentException if options cannot have it
     */
    static ValueType of(Class<?> declared) {
        if (declared.isEnum()) {
            return ofEnum(declared);
        }
        return switch (declared.getName()) {
            case "java.lang.String" -> given(String.class, "a text", text -> text);
            case "int", "java.lang.Integer" ->
                    given(Integer.class, "a whole number", Integer::valueOf);
            case "long", "java.lang.Long" -> given(Long.class, "a whole number", Long::valueOf);
            case "double", "java.lang.Double" -> given(Double.class, "a number", ValueType::finite);
            case "boolean", "java.lang.Boolean" ->
                    given(Boolean.class, "true or false", ValueType::trueOrFalse);
            case "java.nio.file.Path" -> given(Path.class, "a path", Path::of);
            case "java.net.URI" -> given(URI.class, "a URI", URI::create);
            default -> ofOurs(declared);
        };
    }

    private static ValueType ofOurs(Class<?> declared) {
        if (declared == Duration.class) {
            var examples = " such as 500ms, 30s, 5m or 1h";
            return new ValueType(declared, "a duration", examples, DurationText::parse);
        }
        if (declared == ByteSize.class) {
            var examples = " such as 512, 64KiB, 16MiB or 2GiB";
            return new ValueType(declared, "a size", examples, ByteSize::parse);
        }
        if (declared == Secret.class) {
            return given(Secret.class, "a text", Secret::of);
        }
        throw new IllegalArgumentException("options cannot be of type " + declared.getName());
    }

    private static ValueType ofEnum(Class<?> declared) {
        var constants = declared.getEnumConstants();
        var names = Arrays.stream(constants).map(ValueType::nameOf).toList();
        return given(
                declared,
                "one of " + String.join(", ", names),
                text -> {
                    int index = names.indexOf(canonical(text));
                    return constants[index < 0 ? names.indexOf(unswitched(text)) : index];
                });
    }

    /** For YAML the plain words on and off are true and false; an enum may have meant the words. */
    private static String unswitched(String text) {
        return switch (text) {
            case "true" -> "on";
            case "false" -> "off";
            default -> text;
        };
    }

    /** An enum constant as it is written in a file: {@code UPDATE_LOOKUP} is update-lookup. */
    static String nameOf(Object constant) {
        return canonical(((Enum<?>) constant).name());
    }

    private static String canonical(String text) {
        return text.strip().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static ValueType given(Class<?> type, String says, Function<String, Object> parse) {
        return new ValueType(type, says, "", parse);
    }

    private static Object finite(String text) {
        double number = Double.parseDouble(text);
        if (!Double.isFinite(number)) {
            throw new IllegalArgumentException("not a finite number");
        }
        return number;
    }

    private static Object trueOrFalse(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("neither true nor false");
        };
    }

    /** A value as it is written in a file. */
    static String text(Object value) {
        return value instanceof Duration duration ? DurationText.of(duration) : value.toString();
    }

    /** Compares two values of the same comparable type. */
    @SuppressWarnings("unchecked") // both come from the parser of one option type
    static int compare(Object left, Object right) {
        return ((Comparable<Object>) left).compareTo(right);
    }
}
