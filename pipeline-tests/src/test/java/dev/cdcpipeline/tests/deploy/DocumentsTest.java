package dev.cdcpipeline.tests.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.platform.config.Configuration;
import dev.cdcpipeline.platform.config.Option;
import dev.cdcpipeline.platform.config.Schema;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What the pages say exists does. */
class DocumentsTest {
    static List<Path> pages() throws IOException {
        return Documents.pages();
    }

    static List<Path> pagesOfToday() throws IOException {
        return Documents.pagesOfToday();
    }

    @ParameterizedTest
    @MethodSource("pages")
    @DisplayName("14.6 Every link to a file of the repository leads somewhere")
    void linksLeadSomewhere(Path page) {
        for (String link : Documents.links(page)) {
            String[] parts = link.split("#", 2);
            Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
            assertThat(target).as(link).exists();
            if (parts.length == 2) {
                assertThat(Documents.anchors(target)).as(link).contains(parts[1]);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    @DisplayName("14.5 14.6 Every piece of configuration loads")
    void configurationLoads(Path page, @TempDir Path folder) throws Exception {
        for (String block : Documents.blocks(page, "yaml")) {
            for (var service : Services.SETTINGS.entrySet()) {
                if (block.startsWith(service.getKey() + ":")) {
                    Path file = Files.writeString(folder.resolve("snippet.yaml"), block);
                    Configuration.load(service.getValue(), file, missing(block));
                }
            }
        }
    }

    /** What the services require and a piece of configuration leaves out. */
    private static Map<String, String> missing(String block) {
        var environment = new HashMap<>(Services.REQUIRED);
        environment.keySet().removeAll(given("", Deploy.documents(block).getFirst()));
        environment.put("KAFKA_JAAS_CONFIG", "required;");
        return environment;
    }

    /** The variables that would stand for what a tree gives. */
    private static Set<String> given(String prefix, Object tree) {
        if (!(tree instanceof Map)) {
            return Set.of(prefix);
        }
        var names = new HashSet<String>();
        Deploy.map(tree)
                .forEach(
                        (key, value) -> {
                            String name = key.replace('-', '_').toUpperCase(Locale.ROOT);
                            names.addAll(
                                    given(prefix + (prefix.isEmpty() ? "" : "_") + name, value));
                        });
        return names;
    }

    @ParameterizedTest
    @MethodSource("pagesOfToday")
    @DisplayName("14.6 Every option that is named exists")
    void namesOptionsThatExist(Path page) {
        for (var service : Services.SETTINGS.entrySet()) {
            var keys = Schema.of(service.getValue()).options().stream().map(Option::key).toList();
            assertThat(Documents.codes(page))
                    .map(code -> code.replaceFirst("[:=].*", ""))
                    .filteredOn(code -> code.matches(service.getKey() + "(\\.[a-z-]+)+"))
                    .filteredOn(code -> !code.endsWith(".yaml") && !code.contains(".checkpoint."))
                    .allSatisfy(
                            code ->
                                    assertThat(keys)
                                            .anyMatch(
                                                    key ->
                                                            key.equals(code)
                                                                    || key.startsWith(code + ".")
                                                                    || isOf(key, code)));
        }
    }

    /** An option that takes any properties has those, too. */
    private static boolean isOf(String key, String code) {
        return key.endsWith(".properties") && code.startsWith(key + ".");
    }
}
