package dev.cdcpipeline.tests.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.platform.config.Configuration;
import dev.cdcpipeline.platform.config.Schema;
import dev.cdcpipeline.syncer.app.SyncerSettings;
import dev.cdcpipeline.watcher.app.WatcherSettings;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

class ExampleFileTest {
    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(classes = {WatcherSettings.class, SyncerSettings.class})
    @DisplayName("14.5 What is commented out is the default: put in, it changes nothing")
    void showsTheDefaults(Class<?> settings) throws IOException {
        var example = ExampleFile.of(Schema.of(settings));

        assertThat(load(settings, example.replaceAll("(?m)^( *)#(?! )", "$1")))
                .isEqualTo(load(settings, example));
    }

    @ParameterizedTest
    @ValueSource(classes = {WatcherSettings.class, SyncerSettings.class})
    @DisplayName("14.5 Every option is in the example file, with its variable, and on the page")
    void leavesNoOptionOut(Class<?> settings) {
        var schema = Schema.of(settings);
        var example = ExampleFile.of(schema);
        var page = ReferencePage.of(List.of(schema));

        for (var option : schema.options()) {
            var name = option.key().substring(option.key().lastIndexOf('.') + 1);
            assertThat(example)
                    .contains(option.environmentName())
                    .containsPattern("(?m)^ *#?" + name + ":");
            assertThat(page).contains("| `" + name + "`<br>`" + option.environmentName());
        }
    }

    @Test
    void explainsAnOption() {
        assertThat(ExampleFile.of(Schema.of(SyncerSettings.class)))
                .contains(
                        """
                          http:

                            # Address to listen on; 127.0.0.1 serves this machine only.
                            # Allowed: a text. SYNCER_HTTP_HOST
                            #host: 0.0.0.0

                            # Port of /metrics and /health; 0 takes a free one and logs it.
                            # Allowed: a whole number, from 0 to 65535. SYNCER_HTTP_PORT
                            #port: 8081
                        """);
    }

    private Object load(Class<?> settings, String yaml) throws IOException {
        return Configuration.load(
                settings, Files.writeString(folder.resolve("service.yaml"), yaml), Map.of());
    }
}
