package dev.cdcpipeline.tests.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A page of the documentation.
 *
 * @param file where it is
 * @param text what it says
 */
record Page(Path file, String text) {
    private static final Pattern BLOCK =
            Pattern.compile("(?ms)^ *```(\\w*)\\n(.*?)^ *```", Pattern.MULTILINE);
    private static final Pattern CDC =
            Pattern.compile("^(?:[A-Z_]+=\\S+ )*(?:source <\\()?(?:\\./|bin/)?cdc ([^)#]*)");

    static Page of(String name) {
        try {
            Path file = root().resolve(name);
            return new Page(file, Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every page that people read. */
    static List<Page> all() throws IOException {
        List<Page> pages = new ArrayList<>(List.of(of("README.md"), of("deploy/README.md")));
        try (Stream<Path> files = Files.walk(root().resolve("docs"))) {
            files.filter(file -> file.toString().endsWith(".md"))
                    .map(file -> of(root().relativize(file).toString()))
                    .forEach(pages::add);
        }
        return pages;
    }

    /** The code blocks in a language, such as {@code sh}. */
    List<String> blocks(String language) {
        return BLOCK.matcher(text)
                .results()
                .filter(block -> block.group(1).equals(language))
                .map(block -> block.group(2).stripIndent())
                .toList();
    }

    /** The arguments of every {@code cdc} command in the page's shell blocks, in order. */
    List<List<String>> commands() {
        return Stream.concat(blocks("sh").stream(), blocks("").stream())
                .flatMap(block -> block.replaceAll("\\\\\\n\\s*", "").lines())
                .flatMap(line -> CDC.matcher(line.strip()).results())
                .map(command -> command.group(1).strip().replace("'", ""))
                .map(arguments -> List.of(arguments.split("\\s+", -1)))
                .toList();
    }

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("mvnw"))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new IllegalStateException("the tests do not run in the repository");
            }
        }
        return folder;
    }
}
