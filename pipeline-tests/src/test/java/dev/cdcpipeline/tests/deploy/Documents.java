package dev.cdcpipeline.tests.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The Markdown pages of the repository, but those that are generated. */
final class Documents {
    private static final Pattern FENCE = Pattern.compile("(?ms)^ *```(\\w+)\\R(.*?)^ *```\\s*$");
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^)\\s]+)\\)");
    private static final Pattern CODE = Pattern.compile("`([^`\\n]+)`");

    private Documents() {}

    static List<Path> pages() throws IOException {
        Path root = Deploy.path("..").normalize();
        try (Stream<Path> top = Files.list(root);
                Stream<Path> docs = Files.walk(root.resolve("docs"));
                Stream<Path> deploy = Files.walk(root.resolve("deploy"))) {
            return Stream.of(top, docs, deploy)
                    .flatMap(files -> files)
                    .filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }

    /** The pages that tell of what there is: not the designs, which tell of what will be. */
    static List<Path> pagesOfToday() throws IOException {
        Path designs = Deploy.path("..").normalize().resolve("docs").resolve("designs");
        return pages().stream().filter(page -> !page.startsWith(designs)).toList();
    }

    /** The blocks of a language, without the fences. */
    static List<String> blocks(Path page, String language) {
        return FENCE.matcher(Deploy.text(page))
                .results()
                .filter(block -> block.group(1).equals(language))
                .map(block -> block.group(2).stripIndent())
                .toList();
    }

    /** The targets of links that lead to files of the repository. */
    static List<String> links(Path page) {
        return LINK.matcher(Deploy.text(page))
                .results()
                .map(link -> link.group(1))
                .filter(target -> !target.contains("://"))
                .toList();
    }

    /** What stands between backquotes. */
    static List<String> codes(Path page) {
        return CODE.matcher(Deploy.text(page)).results().map(code -> code.group(1)).toList();
    }

    /** The anchors of a page's headings, as GitHub makes them. */
    static List<String> anchors(Path page) {
        return Deploy.text(page)
                .lines()
                .filter(line -> line.matches("#+ .*"))
                .map(line -> line.replaceFirst("#+ ", "").toLowerCase(Locale.ROOT))
                .map(title -> title.replaceAll("[^\\w\\- ]", "").replace(' ', '-'))
                .toList();
    }
}
