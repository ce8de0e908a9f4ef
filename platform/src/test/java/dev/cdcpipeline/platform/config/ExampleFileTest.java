package dev.cdcpipeline.platform.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

class ExampleFileTest {
    private static final Schema SCHEMA = Schema.of(SampleSettings.class);

    @TempDir Path folder;

    @Test
    @DisplayName("14.5 The example file works as it is")
    void worksAsItIs() throws Exception {
        var settings = load(ExampleFile.of(SCHEMA));

        assertThat(settings.include()).containsExactly("shop.orders");
        assertThat(settings.kafka().bootstrapServers()).isEqualTo("localhost:9092");
    }

    @Test
    @DisplayName("14.5 What is commented out is the default: put in, it changes nothing")
    void showsTheDefaults() throws Exception {
        var example = ExampleFile.of(SCHEMA);

        assertThat(load(example.replaceAll("(?m)^( *)#(?! )", "$1"))).isEqualTo(load(example));
    }

    @Test
    @DisplayName("14.5 Every option is in the example file, with its variable, and on the page")
    void leavesNoOptionOut() {
        var example = ExampleFile.of(SCHEMA);
        var page = ReferencePage.of(List.of(SCHEMA));

        for (var option : SCHEMA.options()) {
            var name = option.key().substring(option.key().lastIndexOf('.') + 1);
            assertThat(example)
                    .contains(option.environmentName())
                    .containsPattern("(?m)^ *#?" + name + ":");
            assertThat(page).contains("| `" + name + "`<br>`" + option.environmentName());
        }
    }

    @Test
    void explainsAnOption() {
        assertThat(ExampleFile.of(SCHEMA))
                .contains(
                        """
                          http:

                            # Address to listen on; 127.0.0.1 serves this machine only.
                            # Allowed: a text. WATCHER_HTTP_HOST
                            #host: 0.0.0.0

                            # Port of /metrics and /health; 0 takes a free one and logs it.
                            # Allowed: a whole number, from 0 to 65535. WATCHER_HTTP_PORT
                            #port: 8081
                        """);
    }

    private SampleSettings load(String yaml) throws Exception {
        var file = Files.writeString(folder.resolve("watcher.yaml"), yaml);
        return Configuration.load(SampleSettings.class, file, Map.of());
    }
}
