package dev.cdcpipeline.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The options of {@link SyncerBench}, given as {@code --name value}.
 *
 * @param events how many events the topic has
 * @param batch the most records of a batch; 0 for the Syncer's own default
 * @param wire how events travel: JSON or BSON
 * @param doc how documents look in their column: plain or extended
 * @param heap the Syncer's heap, as the JVM's option has it
 * @param compression of the topic, by Kafka's names
 * @param rate events a second whose latency is measured; 0 to measure throughput
 * @param warmUp seconds at that rate that do not count
 * @param seconds seconds that count
 * @param javaOptions further options of the Syncer's JVM
 */
record Options(
        int events,
        int batch,
        String wire,
        String doc,
        String heap,
        String compression,
        int rate,
        int warmUp,
        int seconds,
        List<String> javaOptions) {

    private static final Map<String, String> DEFAULTS =
            Map.of(
                    "events", "1000000",
                    "batch", "0",
                    "wire", "json",
                    "doc", "plain",
                    "heap", "512m",
                    "compression", "none",
                    "rate", "0",
                    "warm-up", "30",
                    "seconds", "30",
                    "java-options", "");

    static Options parse(String[] arguments) {
        var values = new TreeMap<>(DEFAULTS);
        for (int i = 0; i < arguments.length; i += 2) {
            String name = arguments[i].replaceFirst("^--", "");
            if (!DEFAULTS.containsKey(name) || i + 1 == arguments.length) {
                throw new IllegalArgumentException(
                        "What is " + arguments[i] + "? Options, each with a value: " + DEFAULTS);
            }
            values.put(name, arguments[i + 1]);
        }
        return new Options(
                number(values, "events"),
                number(values, "batch"),
                text(values, "wire").toUpperCase(Locale.ROOT),
                text(values, "doc"),
                text(values, "heap"),
                text(values, "compression"),
                number(values, "rate"),
                number(values, "warm-up"),
                number(values, "seconds"),
                Arrays.stream(text(values, "java-options").split(" "))
                        .filter(option -> !option.isEmpty())
                        .toList());
    }

    private static String text(Map<String, String> values, String name) {
        return values.getOrDefault(name, "");
    }

    private static int number(Map<String, String> values, String name) {
        return Integer.parseInt(text(values, name));
    }
}
