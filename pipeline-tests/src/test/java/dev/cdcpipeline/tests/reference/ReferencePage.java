package dev.cdcpipeline.tests.reference;

import dev.cdcpipeline.platform.config.Option;
import dev.cdcpipeline.platform.config.Option.Shape;
import dev.cdcpipeline.platform.config.Schema;

import java.util.LinkedHashMap;
import java.util.List;

/** Writes the reference of every option, in Markdown, from the settings records. */
final class ReferencePage {
    private static final String HEAD =
            """
            # Configuration

            <!-- Written from the settings records by a test: change those, not this page. -->

            A service reads a YAML file (`-c`), and the environment over it: `watcher.http.port` is
            `WATCHER_HTTP_PORT`, every other character than a letter or digit being an underscore.

            - **Secrets**: `WATCHER_MONGODB_URI_FILE` names a file that holds the value, for any
              option. Credentials are never logged.
            - **Expressions**: a value in the file may use `${NAME}` and `${NAME:default}` of the
              environment, or of the file by an option's full key. `$${` stands for `${`. Values
              from the environment and from `_FILE`s are taken as they are.
            - **Lists**: a YAML list, or texts separated by commas (`\\,` is a comma in a text).
            - **Maps**: `WATCHER_KAFKA_PROPERTIES_LINGER_MS` is the entry `linger.ms` of
              `watcher.kafka.properties`.
            - **Durations**: `500ms`, `30s`, `5m`, `1h`, `7d`, `1m30s`. **Sizes**: `512`, `64KiB`,
              `16MiB`, `2GiB`.
            - One file may hold the options of both services; each reads its own.
            - A service that cannot use its configuration says everything that is wrong at once, and
              ends with exit code 78: the key, the value, what is allowed. Unknown keys are errors.
            """;

    private ReferencePage() {}

    /** The page of these services. */
    static String of(List<Schema> schemas) {
        var page = new StringBuilder(HEAD);
        schemas.forEach(schema -> service(page, schema));
        return page.toString();
    }

    private static void service(StringBuilder page, Schema schema) {
        page.append("\n## ").append(schema.prefix()).append('\n');
        var groups = new LinkedHashMap<String, StringBuilder>();
        for (var option : schema.options()) {
            var group = option.key().substring(0, option.key().lastIndexOf('.'));
            groups.computeIfAbsent(group, ReferencePage::heading).append(row(option));
        }
        groups.values().forEach(page::append);
    }

    private static StringBuilder heading(String group) {
        var heading = group.indexOf('.') < 0 ? "" : "\n### " + group + "\n";
        return new StringBuilder(heading)
                .append("\n| option | default | allowed | meaning |\n|---|---|---|---|\n");
    }

    private static String row(Option option) {
        return "| `%s`<br>`%s%s` | %s | %s | %s |\n"
                .formatted(
                        option.key().substring(option.key().lastIndexOf('.') + 1),
                        option.environmentName(),
                        option.shape() == Shape.MAP ? "_<NAME>" : "",
                        standing(option),
                        escaped(option.allowedBriefly()),
                        escaped(option.description()));
    }

    private static String standing(Option option) {
        if (option.required()) {
            return "**required**";
        }
        var value = option.defaultValue();
        return value == null ? "" : "`" + escaped(value) + "`";
    }

    private static String escaped(String text) {
        return text.replace("|", "\\|").replace("<", "&lt;");
    }
}
