package dev.cdcpipeline.model.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.model.ChangeEvent;
import dev.cdcpipeline.model.DocumentKey;
import dev.cdcpipeline.model.RawDocument;
import dev.cdcpipeline.model.json.ExtendedJson;
import dev.cdcpipeline.model.json.PlainJson;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The files in src/test/resources/golden are what other programs may rely on: they change only when
 * the wire format does. {@code -Dgolden.write=true} writes them anew.
 */
class GoldenFilesTest {

    private static final Path FOLDER = Path.of("src/test/resources/golden");

    private final EventReader reader = new EventReader();

    static List<String> events() {
        return List.copyOf(GoldenEvents.all().keySet());
    }

    @ParameterizedTest
    @MethodSource("events")
    @DisplayName("3.5 keys, values and headers are what the golden files say")
    void writesWhatTheGoldenFilesSay(String name) throws IOException {
        for (Map.Entry<String, String> file : files(name).entrySet()) {
            Path path = FOLDER.resolve(name).resolve(file.getKey());
            if (Boolean.getBoolean("golden.write")) {
                Files.createDirectories(path.getParent());
                Files.writeString(path, file.getValue());
            }
            assertThat(path).content(StandardCharsets.UTF_8).isEqualTo(file.getValue());
        }
    }

    @ParameterizedTest
    @MethodSource("events")
    @DisplayName("4.2 the golden files read back as the events they were made of")
    void readsTheGoldenFiles(String name) throws IOException {
        ChangeEvent event = event(name);
        byte[] json = Files.readAllBytes(FOLDER.resolve(name).resolve("value.json"));
        String base64 = Files.readString(FOLDER.resolve(name).resolve("value.bson.base64"));

        assertThat(reader.read(json)).isEqualTo(event);
        assertThat(reader.read(Base64.getMimeDecoder().decode(base64))).isEqualTo(event);
    }

    @Test
    void hasNoFileThatNoTestReads() throws IOException {
        try (var folders = Files.list(FOLDER)) {
            assertThat(folders.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(events());
        }
    }

    private static ChangeEvent event(String name) {
        return Objects.requireNonNull(GoldenEvents.all().get(name));
    }

    private static Map<String, String> files(String name) {
        ChangeEvent event = event(name);
        EventWriter json = new EventWriter(WireFormat.JSON);
        EventWriter bson = new EventWriter(WireFormat.BSON);
        Map<String, String> files = new TreeMap<>();
        files.put("value.json", text(json.value(event)));
        files.put("value.bson.base64", base64(bson.value(event)));
        files.put("headers.txt", headers(event));
        DocumentKey key = event.documentKey();
        if (key != null) {
            files.put("key.json", text(json.key(key)));
        }
        RawDocument document = event.fullDocument();
        if (document != null) {
            files.put("document.plain.json", text(new PlainJson().render(document)));
            files.put("document.extended.json", text(ExtendedJson.forJsonb().render(document)));
        }
        return files;
    }

    private static String headers(ChangeEvent event) {
        StringBuilder text = new StringBuilder();
        RecordHeaders.of(event)
                .forEach(
                        (name, bytes) ->
                                text.append(name)
                                        .append(": ")
                                        .append(
                                                name.equals(RecordHeaders.KIND)
                                                        ? text(bytes)
                                                        : HexFormat.of().formatHex(bytes))
                                        .append('\n'));
        return text.toString();
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }

    private static String base64(byte[] bytes) {
        return Base64.getMimeEncoder(100, new byte[] {'\n'}).encodeToString(bytes) + "\n";
    }
}
