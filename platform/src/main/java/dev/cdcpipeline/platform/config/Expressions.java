package dev.cdcpipeline.platform.config;

import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The values of a file with their expressions expanded: {@code ${NAME}} and {@code
 * ${NAME:default}}, of the file by a full key or else of the environment. Names and defaults may
 * hold expressions themselves; so may values of the file that are referred to, those of the
 * environment are literal. {@code $$} is a dollar sign.
 */
final class Expressions {
    private final Map<String, String> file;
    private final Map<String, String> environment;
    private final Set<String> open = new HashSet<>();

    Expressions(Map<String, String> file, Map<String, String> environment) {
        this.file = file;
        this.environment = environment;
    }

    /** The value that a name stands for; null if nothing gives it, or it is made of itself. */
    @Nullable String value(String name) {
        var text = file.get(name);
        if (text == null) {
            return environment.get(name);
        }
        if (text.indexOf('$') < 0) {
            return text;
        }
        if (!open.add(name)) {
            return null;
        }
        try {
            return new Text(text).part("");
        } finally {
            open.remove(name);
        }
    }

    /** A text that is read from left to right. */
    private final class Text {
        private final String text;
        private int at;

        Text(String text) {
            this.text = text;
        }

        /** Up to one of these characters or to the end; null if a name in it stands for nothing. */
        @Nullable String part(String ends) {
            var out = new StringBuilder();
            boolean known = true;
            for (int braces = 0; at < text.length(); ) {
                char c = text.charAt(at);
                if (braces == 0 && ends.indexOf(c) >= 0) {
                    break;
                }
                if (text.startsWith("${", at)) {
                    var value = reference();
                    known &= value != null;
                    out.append(value == null ? "" : value);
                    continue;
                }
                if (text.startsWith("$$", at) || text.startsWith("\\$", at)) {
                    c = '$';
                    at++;
                }
                braces += c == '{' ? 1 : c == '}' && braces > 0 ? -1 : 0;
                out.append(c);
                at++;
            }
            return known ? out.toString() : null;
        }

        private @Nullable String reference() {
            at += 2;
            var name = part(":}");
            String otherwise = null;
            if (text.startsWith(":", at)) {
                at++;
                otherwise = part("}");
            }
            at++;
            var value = name == null ? null : value(name);
            return value == null ? otherwise : value;
        }
    }
}
