package dev.cdcpipeline.platform.json;

import org.jspecify.annotations.Nullable;

import java.util.Collection;

/**
 * A JSON object (RFC 8259) that is written field by field, on one line. Whatever the texts hold,
 * the result is valid JSON and valid Unicode: control characters and lone surrogates are escaped.
 * Not thread-safe.
 */
public final class JsonObject {
    private static final String HEX = "0123456789abcdef";

    private final StringBuilder out = new StringBuilder(256).append('{');

    /** Adds a text, a number, a boolean, a nested object, a collection of these, or null. */
    public JsonObject add(String name, @Nullable Object value) {
        if (out.length() > 1) {
            out.append(',');
        }
        text(name);
        out.append(':');
        value(value);
        return this;
    }

    /** The object as JSON, without a line end. */
    @Override
    public String toString() {
        return out + "}";
    }

    private void value(@Nullable Object value) {
        switch (value) {
            case null -> out.append("null");
            case Boolean bool -> out.append(bool.booleanValue());
            case Double number -> number(number);
            case Float number -> number(number);
            case Integer number -> out.append(number.intValue());
            case Long number -> out.append(number.longValue());
            case JsonObject object -> out.append(object);
            case Collection<?> values -> array(values);
            default -> text(String.valueOf(value));
        }
    }

    private void number(Number number) {
        if (Double.isFinite(number.doubleValue())) {
            out.append(number);
        } else {
            text(number.toString()); // JSON has no word for it
        }
    }

    private void array(Collection<?> values) {
        out.append('[');
        var separator = "";
        for (var value : values) {
            out.append(separator);
            value(value);
            separator = ",";
        }
        out.append(']');
    }

    private void text(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> character(text, i, c);
            }
        }
        out.append('"');
    }

    private void character(String text, int index, char c) {
        // U+2028 and U+2029 end a line for some readers, and a record is one line.
        if (c < ' ' || c == '\u007f' || c == '\u2028' || c == '\u2029' || lone(text, index, c)) {
            out.append("\\u");
            for (int shift = 12; shift >= 0; shift -= 4) {
                out.append(HEX.charAt((c >> shift) & 0xf));
            }
        } else {
            out.append(c);
        }
    }

    private static boolean lone(String text, int index, char c) {
        if (Character.isHighSurrogate(c)) {
            return index + 1 >= text.length() || !Character.isLowSurrogate(text.charAt(index + 1));
        }
        return Character.isLowSurrogate(c)
                && (index == 0 || !Character.isHighSurrogate(text.charAt(index - 1)));
    }
}
