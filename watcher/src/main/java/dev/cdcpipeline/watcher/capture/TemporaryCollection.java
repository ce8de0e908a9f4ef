package dev.cdcpipeline.watcher.capture;

import dev.cdcpipeline.model.Namespace;

import java.util.List;

/**
 * The names under which MongoDB itself prepares a collection's new content before it takes the
 * collection's place by a rename, and those of its own collections. They come and go by the
 * thousand, and nobody asked for them.
 */
final class TemporaryCollection {
    /** {@code $out}, and {@code mapReduce} of servers before 4.4. */
    private static final List<String> PREFIXES = List.of("tmp.agg_out.", "tmp.mr.", "system.");

    /**
     * {@code convertToCapped}, a rename across databases, and the renames out of the way of {@code
     * applyOps}; each after {@code tmp} and five random letters.
     */
    private static final List<String> PURPOSES =
            List.of(".convertToCapped.", ".renameCollection", ".rename", ".create");

    private static final String RANDOM = "tmp";
    private static final int RANDOM_LENGTH = RANDOM.length() + 5;

    private static final String RESHARDING = "system.resharding.";

    private TemporaryCollection() {}

    static boolean is(Namespace namespace) {
        String name = namespace.collection();
        return PREFIXES.stream().anyMatch(name::startsWith)
                || (isRandom(name) && PURPOSES.stream().anyMatch(each -> serves(name, each)));
    }

    /** Returns whether it has the very documents of the collection whose place it takes. */
    static boolean isOfResharding(Namespace namespace) {
        return namespace.collection().startsWith(RESHARDING);
    }

    private static boolean isRandom(String name) {
        return name.length() > RANDOM_LENGTH
                && name.startsWith(RANDOM)
                && name.substring(RANDOM.length(), RANDOM_LENGTH)
                        .chars()
                        .allMatch(Character::isLetterOrDigit);
    }

    private static boolean serves(String name, String purpose) {
        return purpose.endsWith(".")
                ? name.startsWith(purpose, RANDOM_LENGTH)
                : name.substring(RANDOM_LENGTH).equals(purpose);
    }
}
