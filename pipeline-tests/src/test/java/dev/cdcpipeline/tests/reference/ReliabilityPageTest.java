package dev.cdcpipeline.tests.reference;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

class ReliabilityPageTest {
    private static final Pattern ROW = Pattern.compile("\\| ([WSC]\\d+) \\|.*\\|([^|\n]+)\\|");
    private static final Pattern CLASS = Pattern.compile("`(\\w+Test)`");

    private record Claim(String fault, String test) {}

    @Test
    @DisplayName("14.6 every test that the page on reliability names for a case holds that case")
    void namesTestsThatHoldTheirCase() {
        List<Claim> claims = claims(Repository.text("docs/reliability.md"));
        Map<String, List<String>> sources = sources();

        assertThat(claims).hasSizeGreaterThan(40);
        assertThat(claims)
                .allSatisfy(claim -> holds(claim, sources.getOrDefault(claim.test(), List.of())));
    }

    private static void holds(Claim claim, List<String> sources) {
        Pattern named = Pattern.compile("cases? [^\"]*\\b" + claim.fault() + "\\b");
        assertThat(sources)
                .as("%s names the case %s", claim.test(), claim.fault())
                .anyMatch(source -> named.matcher(source).find());
    }

    private static List<Claim> claims(String page) {
        var claims = new ArrayList<Claim>();
        for (Matcher row = ROW.matcher(page); row.find(); ) {
            for (Matcher test = CLASS.matcher(row.group(2)); test.find(); ) {
                claims.add(new Claim(row.group(1), test.group(1)));
            }
        }
        return claims;
    }

    /**
     * The sources of all test classes by their simple names, of which several modules may have one.
     */
    private static Map<String, List<String>> sources() {
        var sources = new HashMap<String, List<String>>();
        for (Path module : children(Repository.path(""))) {
            Path tests = module.resolve("src/test/java");
            if (Files.isDirectory(tests)) {
                for (Path file : sourcesIn(tests)) {
                    String name = file.getFileName().toString().replace(".java", "");
                    sources.computeIfAbsent(name, _ -> new ArrayList<>()).add(read(file));
                }
            }
        }
        return sources;
    }

    private static List<Path> children(Path folder) {
        try (Stream<Path> children = Files.list(folder)) {
            return children.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> sourcesIn(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith("Test.java")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
