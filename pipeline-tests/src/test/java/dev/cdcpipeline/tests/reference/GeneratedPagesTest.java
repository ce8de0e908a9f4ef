package dev.cdcpipeline.tests.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.cdcpipeline.platform.config.Configuration;
import dev.cdcpipeline.platform.config.Schema;
import dev.cdcpipeline.platform.lifecycle.ExitCode;
import dev.cdcpipeline.syncer.app.SyncerSettings;
import dev.cdcpipeline.watcher.app.WatcherSettings;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;

/**
 * What is generated is what the code says now. {@code -Dreference.write} writes the files anew:
 *
 * <pre>./mvnw -pl pipeline-tests -am test -Dreference.write -Dtest=GeneratedPagesTest
 *     -Dsurefire.failIfNoSpecifiedTests=false</pre>
 */
class GeneratedPagesTest {
    private static final List<Class<?>> SERVICES =
            List.of(WatcherSettings.class, SyncerSettings.class);

    static List<Generated> generated() {
        var watcher = Schema.of(WatcherSettings.class);
        var syncer = Schema.of(SyncerSettings.class);
        return List.of(
                new Generated(
                        "docs/reference/configuration.md",
                        ReferencePage.of(List.of(watcher, syncer))),
                new Generated("conf/watcher.yaml", ExampleFile.of(watcher)),
                new Generated("conf/syncer.yaml", ExampleFile.of(syncer)),
                new Generated("docs/reference/errors.md", ErrorsPage.text()));
    }

    @BeforeAll
    static void writeIfAsked() throws IOException {
        if (System.getProperty("reference.write") != null) {
            for (var generated : generated()) {
                var file = Repository.path(generated.path);
                Files.createDirectories(file.getParent());
                Files.writeString(file, generated.text);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("generated")
    @DisplayName("14.5 Reference pages and example files say what the code says")
    void isWhatTheCodeSays(Generated generated) {
        assertThat(Repository.path(generated.path))
                .as("write it anew with -Dreference.write, see the comment of this test")
                .hasContent(generated.text);
    }

    static List<Class<?>> services() {
        return SERVICES;
    }

    @ParameterizedTest
    @MethodSource("services")
    @DisplayName("14.5 The example files are configurations that work")
    void exampleFilesWork(Class<?> settings) {
        var file = Repository.path("conf/" + Schema.of(settings).prefix() + ".yaml");

        assertThatCode(() -> Configuration.load(settings, file, Map.of()))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @MethodSource("services")
    @DisplayName("14.5 Every option says what it means, in a sentence")
    void everyOptionIsDescribed(Class<?> settings) {
        assertThat(Schema.of(settings).options())
                .allSatisfy(option -> assertThat(option.description()).hasSizeGreaterThan(10));
    }

    @Test
    @DisplayName("9.5 Every exit code is documented")
    void everyExitCodeIsDocumented() {
        var page = Repository.text("docs/reference/exit-codes.md");

        for (var code : ExitCode.values()) {
            assertThat(page).contains("| " + code.value() + " |");
        }
    }

    /** A file that is generated. */
    record Generated(String path, String text) {
        @Override
        public String toString() {
            return path;
        }
    }
}
