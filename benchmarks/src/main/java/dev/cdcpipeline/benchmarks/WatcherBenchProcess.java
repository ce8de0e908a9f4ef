package dev.cdcpipeline.benchmarks;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCursor;
import com.mongodb.client.model.changestream.FullDocument;
import com.sun.management.OperatingSystemMXBean;

import dev.cdcpipeline.platform.config.Configuration;
import dev.cdcpipeline.platform.health.Health;
import dev.cdcpipeline.platform.lifecycle.Service;
import dev.cdcpipeline.watcher.app.Parts;
import dev.cdcpipeline.watcher.app.WatcherSettings;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.bson.BsonTimestamp;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * One reader of {@link WatcherBench}: reads all events a few times and says how the last time was.
 */
public final class WatcherBenchProcess {
    static final String HEADER =
            "%-24s %9s %9s %10s %6s   %-31s   %s%n"
                    .formatted(
                            "",
                            "events/s",
                            "CPU us/ev",
                            "alloc B/ev",
                            "packed",
                            "1,000 events/s by tenth",
                            "CPU us/ev by thread");
    static final int PASSES = Integer.parseInt(System.getenv().getOrDefault("PASSES", "2"));
    private static final double LEAST_SHOWN = 0.1;

    private final String kind;
    private final String image;
    private final String uri = environment("BENCH_MONGODB_URI");
    private final String bootstrapServers = environment("BENCH_BOOTSTRAP_SERVERS");
    private final String start = environment("BENCH_START");
    private final int expected = Integer.parseInt(environment("BENCH_EXPECTED"));
    private final OperatingSystemMXBean system =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private final com.sun.management.ThreadMXBean threads =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final long[] tenths = new long[10];
    private final Map<String, Double> threadsBefore = new HashMap<>();
    private long began;
    private long cpuBefore;
    private long allocatedBefore;
    private double packed = 1;
    private String figures = "";

    private WatcherBenchProcess(String kind, String image) {
        this.kind = kind;
        this.image = image;
    }

    private static String environment(String name) {
        return Objects.requireNonNull(System.getenv(name), name);
    }

    /** Runs one: what reads, and where whole documents of updates come from. */
    public static void main(String[] arguments) throws Exception {
        WatcherBenchProcess process = new WatcherBenchProcess(arguments[0], arguments[1]);
        for (int pass = 0; pass < PASSES; pass++) {
            process.pass();
        }
        process.report();
        System.exit(0);
    }

    private void pass() throws Exception {
        began = 0;
        switch (kind) {
            case "cursor" -> cursor(null, "");
            case "cursor-to-kafka" -> {
                String topic = "bare-" + System.nanoTime();
                createTopic(topic);
                try (KafkaProducer<byte[], byte[]> producer = producer()) {
                    cursor(producer, topic);
                }
            }
            case "watcher-json", "watcher-bson" -> watcher(kind.substring("watcher-".length()));
            default -> throw new IllegalArgumentException(kind);
        }
    }

    /** The start is left out: time begins with the first event seen. */
    private void seen(long count) {
        if (began == 0 && count > 0) {
            began = System.nanoTime();
            cpuBefore = system.getProcessCpuTime();
            allocatedBefore = threads.getTotalThreadAllocatedBytes();
            threadsBefore.clear();
            threadsBefore.putAll(cpuByThread());
        }
        for (int i = 0; i < tenths.length; i++) {
            if (count * tenths.length < (long) expected * (i + 1)) {
                tenths[i] = 0;
            } else if (tenths[i] == 0) {
                tenths[i] = System.nanoTime();
            }
        }
        if (count == expected) {
            figures = figures();
        }
    }

    /** Taken when the last event is seen, while the threads are still there. */
    private String figures() {
        double events = expected;
        double seconds = (tenths[tenths.length - 1] - began) / 1e9;
        double cpu = (system.getProcessCpuTime() - cpuBefore) / 1e3 / events;
        double allocated = (threads.getTotalThreadAllocatedBytes() - allocatedBefore) / events;
        return "%9.0f %9.2f %10.0f %5.0f%%   %-31s   %s"
                .formatted(events / seconds, cpu, allocated, 100 * packed, byTenth(), byThread());
    }

    private String byTenth() {
        StringBuilder all = new StringBuilder();
        long from = began;
        for (long tenth : tenths) {
            all.append("%.0f ".formatted(expected / 10.0 / ((tenth - from) / 1e6)));
            from = tenth;
        }
        return all.toString();
    }

    private static Map<String, Double> cpuByThread() {
        Map<String, Double> cpu = new HashMap<>();
        CpuTime.byThread().forEach((name, time) -> cpu.merge(group(name), time, Double::sum));
        return cpu;
    }

    private static String group(String thread) {
        return switch (thread) {
            case String name when name.matches("C[12] Compiler.*") -> "compilers";
            case String name when name.matches("(GC|G1|VM) .*") -> "collector";
            case String name when name.startsWith("kafka-producer") -> "send";
            case String name -> name.replace("watcher-", "");
        };
    }

    private String byThread() {
        Map<String, Double> cpu = cpuByThread();
        cpu.replaceAll(
                (name, time) -> (time - threadsBefore.getOrDefault(name, 0.0)) * 1e6 / expected);
        return cpu.entrySet().stream()
                .filter(each -> each.getValue() >= LEAST_SHOWN)
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .map(each -> "%s %.1f".formatted(each.getKey(), each.getValue()))
                .collect(Collectors.joining(", "));
    }

    private void report() {
        System.out.printf("%-24s %s%n", kind + " " + image, figures);
    }

    private void cursor(@Nullable KafkaProducer<byte[], byte[]> producer, String topic) {
        String[] time = start.split(":", -1);
        var from = new BsonTimestamp(Integer.parseInt(time[0]), Integer.parseInt(time[1]));
        try (MongoClient client = MongoClients.create(uri);
                MongoCursor<RawBsonDocument> cursor =
                        client.getDatabase(WatcherBench.DATABASE)
                                .getCollection(WatcherBench.COLLECTION)
                                .watch()
                                .startAtOperationTime(from)
                                .fullDocument(
                                        image.equals("server")
                                                ? FullDocument.UPDATE_LOOKUP
                                                : FullDocument.DEFAULT)
                                .batchSize(10_000)
                                .withDocumentClass(RawBsonDocument.class)
                                .iterator()) {
            for (int count = 1; count <= expected; count++) {
                RawBsonDocument event = cursor.next();
                if (producer != null) {
                    send(producer, topic, event);
                }
                if (producer == null || count < expected) {
                    seen(count);
                }
            }
        }
        if (producer != null) {
            producer.flush();
            seen(expected);
        }
    }

    private static void send(
            KafkaProducer<byte[], byte[]> producer, String topic, RawBsonDocument event) {
        byte[] value = new byte[event.getByteLength()];
        System.arraycopy(event.getBackingArray(), event.getByteOffset(), value, 0, value.length);
        byte[] key =
                String.valueOf(event.getDocument("documentKey").get("_id"))
                        .getBytes(StandardCharsets.UTF_8);
        var _ = producer.send(new ProducerRecord<>(topic, key, value));
    }

    private static String compression(String otherwise) {
        return System.getenv().getOrDefault("COMPRESSION", otherwise);
    }

    private KafkaProducer<byte[], byte[]> producer() {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers", bootstrapServers,
                        "acks", "all",
                        "compression.type", compression("none"),
                        "max.in.flight.requests.per.connection", "1",
                        "linger.ms", "5",
                        "batch.size", "262144",
                        "buffer.memory", "67108864"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private void createTopic(String topic) throws Exception {
        try (var admin =
                Admin.create(Map.<String, Object>of("bootstrap.servers", bootstrapServers))) {
            admin.createTopics(List.of(new NewTopic(topic, 8, (short) 1))).all().get();
        }
    }

    private void watcher(String format) throws Exception {
        Path folder = Files.createTempDirectory("watcher-bench");
        Map<String, String> environment =
                new HashMap<>(
                        Map.of(
                                "WATCHER_MONGODB_URI",
                                uri,
                                "WATCHER_SCOPE_INCLUDE",
                                WatcherBench.DATABASE + "." + WatcherBench.COLLECTION,
                                "WATCHER_KAFKA_BOOTSTRAP_SERVERS",
                                bootstrapServers,
                                "WATCHER_START",
                                start,
                                "WATCHER_WIRE_FORMAT",
                                format,
                                "WATCHER_POST_IMAGE",
                                image,
                                "WATCHER_TOPIC_PREFIX",
                                "run" + System.nanoTime(),
                                "WATCHER_KAFKA_PROPERTIES_COMPRESSION_TYPE",
                                compression("lz4"),
                                "WATCHER_CHECKPOINT_FILE_PATH",
                                folder.resolve("checkpoint").toString()));
        System.getenv().forEach((name, value) -> override(environment, name, value));
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        WatcherSettings settings = Configuration.load(WatcherSettings.class, null, environment);
        try (Service watcher = Parts.watcher(settings, registry, new Health())) {
            Thread thread = Thread.ofPlatform().name("publish").start(() -> runQuietly(watcher));
            for (long done = 0; done < expected; done = done(registry)) {
                seen(done);
                Thread.sleep(1);
            }
            packed = registry.get("kafka.producer.compression.rate.avg").gauge().value();
            seen(expected);
            watcher.stop();
            thread.join();
        }
    }

    /** What the caller's environment says of a Watcher goes before. */
    private static void override(Map<String, String> environment, String name, String value) {
        if (name.startsWith("WATCHER_")) {
            environment.put(name, value);
        }
    }

    private static long done(SimpleMeterRegistry registry) {
        return (long)
                (registry.counter("cdc.watcher.published").count()
                        + registry.counter("cdc.watcher.null.lookups").count());
    }

    private static void runQuietly(Service watcher) {
        try {
            watcher.run();
        } catch (Exception e) {
            e.printStackTrace();
            System.exit(1);
        }
    }
}
