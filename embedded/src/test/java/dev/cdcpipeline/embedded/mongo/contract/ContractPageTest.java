package dev.cdcpipeline.embedded.mongo.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The page that lists the contract lists all of it. */
class ContractPageTest {

    private static final Path PAGE = Path.of("..", "docs/reference/embedded-mongodb-contract.md");
    private static final Path TESTS =
            Path.of("src/test/java/dev/cdcpipeline/embedded/mongo/contract");
    private static final Pattern TEST_METHOD =
            Pattern.compile("^    (?:void|Stream<DynamicTest>) (\\w+)\\(", Pattern.MULTILINE);

    @Test
    void thePageListsEveryTestOfTheContract() throws IOException {
        String page = Files.readString(PAGE);
        List<String> missing = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(TESTS, "*Test.java")) {
            for (Path file : files) {
                String name = file.getFileName().toString().replace(".java", "");
                if (!name.equals(getClass().getSimpleName())) {
                    missing.addAll(missing(name, Files.readString(file), page));
                }
            }
        }
        assertThat(missing).isEmpty();
    }

    private static List<String> missing(String test, String source, String page) {
        int start = page.indexOf("### " + test + "\n");
        if (start < 0) {
            return List.of(test);
        }
        int end = page.indexOf("\n### ", start + 1);
        String section = end < 0 ? page.substring(start) : page.substring(start, end);
        List<String> missing = new ArrayList<>();
        Matcher methods = TEST_METHOD.matcher(source);
        while (methods.find()) {
            String method = methods.group(1);
            boolean isTest = isTest(source, methods.start());
            if (isTest && !section.contains("`" + method + "`")) {
                missing.add(test + "." + method);
            }
        }
        return missing;
    }

    /** Set-up and clean-up methods are marked as such in the lines before them. */
    private static boolean isTest(String source, int method) {
        String before = source.substring(0, method);
        String annotations = before.substring(before.lastIndexOf("\n\n") + 1);
        return annotations.contains("Test") && !annotations.contains("@BeforeEach");
    }
}
