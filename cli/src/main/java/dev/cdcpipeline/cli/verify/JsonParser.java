package dev.cdcpipeline.cli.verify;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;

/** Reads the JSON that PostgreSQL writes for a {@code jsonb} value (RFC 8259). */
final class JsonParser {

    private final String text;
    private int at;

    private JsonParser(String text) {
        this.text = text;
    }

    /**
     * Reads one value.
     *
     * @throws IllegalArgumentException when the text is not exactly one JSON value
     */
    static Json parse(String text) {
        var parser = new JsonParser(text);
        Json value = parser.value();
        parser.skipSpace();
        if (parser.at != text.length()) {
            throw parser.unexpected();
        }
        return value;
    }

    private Json value() {
        skipSpace();
        return switch (peek()) {
            case '{' -> members();
            case '[' -> elements();
            case '"' -> new Json.Text(string());
            case 't' -> literal("true", new Json.Bool(true));
            case 'f' -> literal("false", new Json.Bool(false));
            case 'n' -> literal("null", new Json.Null());
            default -> number();
        };
    }

    private Json members() {
        var members = new HashMap<String, Json>();
        expect('{');
        skipSpace();
        if (peek() != '}') {
            do {
                skipSpace();
                String name = string();
                skipSpace();
                expect(':');
                members.put(name, value());
                skipSpace();
            } while (accept(','));
        }
        expect('}');
        return new Json.Members(members);
    }

    private Json elements() {
        var elements = new ArrayList<Json>();
        expect('[');
        skipSpace();
        if (peek() != ']') {
            do {
                elements.add(value());
                skipSpace();
            } while (accept(','));
        }
        expect(']');
        return new Json.Elements(elements);
    }

    private String string() {
        expect('"');
        int start = at;
        while (peek() != '"' && peek() != '\\') {
            at++;
        }
        var value = new StringBuilder().append(text, start, at);
        while (!accept('"')) {
            char next = next();
            value.append(next == '\\' ? escaped() : next);
        }
        return value.toString();
    }

    private char escaped() {
        char escape = next();
        return switch (escape) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'u' -> codeUnit();
            case '"', '\\', '/' -> escape;
            default -> throw unexpected();
        };
    }

    private char codeUnit() {
        if (at + 4 > text.length()) {
            throw unexpected();
        }
        at += 4;
        return (char) Integer.parseInt(text, at - 4, at, 16);
    }

    private Json number() {
        int start = at;
        while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        if (start == at) {
            throw unexpected();
        }
        return new Json.Numeric(new BigDecimal(text.substring(start, at)));
    }

    private Json literal(String word, Json value) {
        if (!text.startsWith(word, at)) {
            throw unexpected();
        }
        at += word.length();
        return value;
    }

    private void skipSpace() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private char peek() {
        if (at == text.length()) {
            throw unexpected();
        }
        return text.charAt(at);
    }

    private char next() {
        char next = peek();
        at++;
        return next;
    }

    private boolean accept(char expected) {
        boolean there = peek() == expected;
        if (there) {
            at++;
        }
        return there;
    }

    private void expect(char expected) {
        if (!accept(expected)) {
            throw unexpected();
        }
    }

    private IllegalArgumentException unexpected() {
        return new IllegalArgumentException("Not JSON from character " + at + " on.");
    }
}
