package dev.cdcpipeline.platform.failure;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an error means to the operator and what to do about it. In a catalogue both are templates:
 * {@code {name}} stands for a value that the exception gives ({@code {said}}, its words) or that
 * the service knows ({@code {kafka}}, the prefix of its options).
 *
 * @param problem what went wrong, the beginning of a sentence
 * @param remedy what to do about it, without the words of an exception
 */
public record Explanation(String problem, String remedy) {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([a-zA-Z]+)}");

    /** Problem and remedy as one sentence, or a few. */
    public String sentence() {
        return problem + ": " + remedy;
    }

    /** The explanation with values for its placeholders; one without a value stays as it is. */
    public Explanation with(Map<String, String> values) {
        return new Explanation(fill(problem, values), fill(remedy, values));
    }

    static String fill(String template, Map<String, String> values) {
        return PLACEHOLDER
                .matcher(template)
                .replaceAll(
                        found ->
                                Matcher.quoteReplacement(
                                        values.getOrDefault(found.group(1), found.group())));
    }
}
