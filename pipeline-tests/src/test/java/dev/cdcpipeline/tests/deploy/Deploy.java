package dev.cdcpipeline.tests.deploy;

import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The folder {@code deploy/} of the repository, and the trees that its YAML files are. */
final class Deploy {
    private static final Path FOLDER = find();

    private Deploy() {}

    /** A file or folder below {@code deploy/}. */
    static Path path(String name) {
        return FOLDER.resolve(name);
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads a YAML file of one document that is a map. */
    static Map<String, Object> yaml(Path file) {
        return map(yaml().load(text(file)));
    }

    /** Reads every document of a text; empty ones are left out. */
    static List<Map<String, Object>> documents(String text) {
        var documents = new java.util.ArrayList<Map<String, Object>>();
        for (Object document : yaml().loadAll(text)) {
            if (document != null) {
                documents.add(map(document));
            }
        }
        return documents;
    }

    /** What is at a path of names in nested maps; an empty map when there is nothing. */
    static Object at(Object tree, String... names) {
        Object value = tree;
        for (String name : names) {
            value = map(value).getOrDefault(name, Map.of());
        }
        return value;
    }

    @SuppressWarnings("unchecked") // YAML maps of these files have texts as keys
    static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    /** The value as a list; an absent one (see {@link #at}) is empty. */
    static List<Object> list(Object value) {
        return value instanceof List<?> list ? List.copyOf(list) : List.of();
    }

    private static Yaml yaml() {
        var options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        return new Yaml(new SafeConstructor(options));
    }

    private static Path find() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(folder.resolve("deploy"))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new IllegalStateException("run the tests inside the repository");
            }
        }
        return folder.resolve("deploy");
    }
}
