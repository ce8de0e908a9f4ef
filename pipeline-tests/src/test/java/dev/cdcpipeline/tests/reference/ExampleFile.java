package dev.cdcpipeline.tests.reference;

import dev.cdcpipeline.platform.config.Example;
import dev.cdcpipeline.platform.config.Option;
import dev.cdcpipeline.platform.config.Option.Shape;
import dev.cdcpipeline.platform.config.Schema;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Writes the commented example file of a service: every option with its meaning, what is allowed
 * and its environment variable. Required options stand with an example, all others are commented
 * out with their defaults.
 */
final class ExampleFile {
    private static final int WIDTH = 100;
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9/][A-Za-z0-9_./:-]*");
    private static final Pattern YAML_SWITCH = Pattern.compile("(?i)on|off|yes|no|y|n|null");

    private final StringBuilder out = new StringBuilder();
    private List<String> open = List.of();

    private ExampleFile() {}

    /** The file as YAML. */
    static String of(Schema schema) {
        var file = new ExampleFile();
        file.comment(
                0,
                "Every option of the "
                        + schema.prefix()
                        + ". What is commented out has the value shown.");
        file.comment(
                0,
                "An environment variable, where set, wins over this file; NAME_FILE names a file that holds the value.");
        schema.options().forEach(file::option);
        return file.out.toString();
    }

    private void option(Option option) {
        var names = List.of(option.key().split("\\.", -1));
        var group = names.subList(0, names.size() - 1);
        open(group);
        int depth = group.size();
        out.append('\n');
        if (!option.description().isEmpty()) {
            comment(depth, option.description());
        }
        comment(depth, facts(option));
        indent(depth);
        var example = option.annotation(Example.class);
        if (example != null) {
            out.append(names.getLast()).append(": ").append(example.value()).append('\n');
        } else {
            out.append('#').append(names.getLast()).append(':').append(value(option)).append('\n');
        }
    }

    /** Writes the headings of the groups that an option is in, as far as they are not open. */
    private void open(List<String> group) {
        int common = 0;
        while (common < Math.min(group.size(), open.size())
                && group.get(common).equals(open.get(common))) {
            common++;
        }
        for (int depth = common; depth < group.size(); depth++) {
            out.append('\n');
            indent(depth);
            out.append(group.get(depth)).append(":\n");
        }
        open = group;
    }

    private static String facts(Option option) {
        return (option.required() ? "Required: " : "Allowed: ")
                + option.allowedBriefly()
                + ". "
                + option.environmentName()
                + (option.shape() == Shape.MAP ? "_<NAME>" : "");
    }

    private static String value(Option option) {
        var value = option.defaultValue();
        return switch (option.shape()) {
            case MAP -> " {}";
            case LIST -> value == null ? " []" : " [" + value + "]";
            case SINGLE -> value == null ? "" : " " + quoted(value);
        };
    }

    private static String quoted(String value) {
        return PLAIN.matcher(value).matches() && !YAML_SWITCH.matcher(value).matches()
                ? value
                : '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private void comment(int depth, String text) {
        var line = new ArrayList<String>();
        int length = 0;
        for (var word : text.split(" ", -1)) {
            if (length + word.length() > WIDTH - 2 * depth) {
                commentLine(depth, line);
                line.clear();
                length = 0;
            }
            line.add(word);
            length += word.length() + 1;
        }
        commentLine(depth, line);
    }

    private void commentLine(int depth, List<String> words) {
        indent(depth);
        out.append("# ").append(String.join(" ", words)).append('\n');
    }

    private void indent(int depth) {
        out.append("  ".repeat(depth));
    }
}
