package dev.cdcpipeline.model.json;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A parser of JSON that takes nothing but RFC 8259 in well-formed UTF-8, without what PostgreSQL's
 * {@code jsonb} refuses: NUL, lone surrogates, numbers out of range.
 */
final class StrictJson {

    private final String text;
    private int at;

    private StrictJson(String text) {
        this.text = text;
    }

    /** The value as maps, lists, strings, {@link BigDecimal}s, booleans and null. */
    static @Nullable Object parse(byte[] json) {
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json)).toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("Not UTF-8", e);
        }
        StrictJson parser = new StrictJson(text);
        Object value = parser.value();
        parser.require(parser.at == text.length());
        return value;
    }

    private @Nullable Object value() {
        return switch (text.charAt(at)) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    private Map<String, @Nullable Object> object() {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        at++;
        while (text.charAt(at) != '}') {
            String name = string();
            require(text.charAt(at++) == ':');
            object.put(name, value());
            separator('}');
        }
        at++;
        return object;
    }

    private List<@Nullable Object> array() {
        List<@Nullable Object> array = new ArrayList<>();
        at++;
        while (text.charAt(at) != ']') {
            array.add(value());
            separator(']');
        }
        at++;
        return array;
    }

    private void separator(char end) {
        if (text.charAt(at) == ',') {
            at++;
            require(text.charAt(at) != end);
        } else {
            require(text.charAt(at) == end);
        }
    }

    private String string() {
        StringBuilder string = new StringBuilder();
        require(text.charAt(at++) == '"');
        while (text.charAt(at) != '"') {
            char c = text.charAt(at++);
            require(c >= ' ');
            string.append(c == '\\' ? escape() : c);
        }
        at++;
        String result = string.toString();
        require(result.indexOf('\0') < 0);
        require(result.codePoints().noneMatch(p -> p >= 0xD800 && p <= 0xDFFF));
        return result;
    }

    private char escape() {
        return switch (text.charAt(at++)) {
            case '"' -> '"';
            case '\\' -> '\\';
            case '/' -> '/';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                at += 4;
                yield (char) Integer.parseInt(text.substring(at - 4, at), 16);
            }
            default -> throw new IllegalArgumentException("Escape at " + at);
        };
    }

    private BigDecimal number() {
        int start = at;
        while (at < text.length() && "+-.0123456789eE".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        String number = text.substring(start, at);
        require(number.matches("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?"));
        BigDecimal value = new BigDecimal(number);
        require(value.precision() - value.scale() <= 131_072 && value.scale() <= 16_383);
        return value;
    }

    private @Nullable Object word(String word, @Nullable Object value) {
        require(text.startsWith(word, at));
        at += word.length();
        return value;
    }

    private void require(boolean valid) {
        if (!valid) {
            throw new IllegalArgumentException("Not strict JSON at character " + at);
        }
    }
}
