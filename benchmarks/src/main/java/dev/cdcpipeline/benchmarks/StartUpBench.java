package dev.cdcpipeline.benchmarks;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;

import dev.cdcpipeline.embedded.KafkaBroker;
import dev.cdcpipeline.embedded.LoopbackPort;
import dev.cdcpipeline.embedded.PostgresServer;
import dev.cdcpipeline.embedded.mongo.MongoReplicaSet;

import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.bson.Document;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How long each service of an unpacked distribution takes from the start of its process to its
 * first event, which waits for it: published by the Watcher, applied by the Syncer. Both go on at a
 * place they had saved.
 *
 * <pre>benchmarks/start-up FOLDER [RUNS] [JVM OPTIONS ...]</pre>
 */
public final class StartUpBench implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final Path home;
    private final List<String> options;
    private final Path folder = Files.createTempDirectory("cdc-start-up");
    private final MongoReplicaSet mongoServer = MongoReplicaSet.start();
    private final KafkaBroker kafka = KafkaBroker.start();
    private final PostgresServer postgresServer = PostgresServer.start();
    private final MongoClient mongo = MongoClients.create(mongoServer.uri());
    private final Connection postgres;
    private int documents;

    private record Run(double wallMillis, double cpuMillis) {}

    @FunctionalInterface
    private interface Arrival {
        boolean arrived() throws Exception;
    }

    private StartUpBench(Path home, List<String> options) throws IOException, SQLException {
        this.home = home;
        this.options = options;
        this.postgres =
                DriverManager.getConnection(postgresServer.jdbcUrl(), postgresServer.user(), "");
    }

    /** Measures, and prints the medians. */
    public static void main(String[] args) throws Exception {
        int runs = args.length > 1 ? Integer.parseInt(args[1]) : 5;
        List<String> options = Arrays.asList(args).subList(Math.min(2, args.length), args.length);
        try (var bench = new StartUpBench(Path.of(args[0]).toAbsolutePath(), options)) {
            bench.measure(1); // the very first start makes topic, tables and positions
            List<List<Run>> measured = bench.measure(runs);
            print("watcher, to the first event published", measured.get(0));
            print("syncer, to the first event applied", measured.get(1));
        }
        System.exit(0);
    }

    private static void print(String what, List<Run> runs) {
        double[] wall = runs.stream().mapToDouble(Run::wallMillis).sorted().toArray();
        double[] cpu = runs.stream().mapToDouble(Run::cpuMillis).sorted().toArray();
        System.out.printf(
                Locale.ROOT,
                "%-40s wall %5.0f ms (%.0f to %.0f), CPU %5.0f ms (%.0f to %.0f), %d runs%n",
                what,
                wall[wall.length / 2],
                wall[0],
                wall[wall.length - 1],
                cpu[cpu.length / 2],
                cpu[0],
                cpu[cpu.length - 1],
                runs.size());
    }

    private List<List<Run>> measure(int runs) throws Exception {
        List<Run> watcher = new ArrayList<>();
        List<Run> syncer = new ArrayList<>();
        for (int i = 0; i < runs; i++) {
            boolean first = documents == 0;
            if (!first) {
                insert();
            }
            try (var consumer = consumer()) {
                long before = first ? 0 : end(consumer);
                watcher.add(start("watcher", first, () -> end(consumer) > before));
            }
            long rows = rows();
            syncer.add(start("syncer", false, () -> rows() > rows));
        }
        return List.of(watcher, syncer);
    }

    private void insert() {
        documents++;
        mongo.getDatabase("start").getCollection("up").insertOne(new Document("_id", documents));
    }

    /** At the very first start there is no checkpoint: events that come later only are captured. */
    private Run start(String service, boolean insertMeanwhile, Arrival arrival) throws Exception {
        Path yaml = Files.writeString(folder.resolve(service + ".yaml"), configuration());
        var builder =
                new ProcessBuilder(
                        home.resolve("bin/cdc").toString(), service, "-c", yaml.toString());
        builder.environment().put("CDC_JAVA_OPTS", String.join(" ", options));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.redirectErrorStream(true).redirectOutput(folder.resolve(service + ".log").toFile());
        long begin = System.nanoTime();
        Process process = builder.start();
        while (!arrival.arrived()) {
            if (!process.isAlive() || System.nanoTime() - begin > LIMIT.toNanos()) {
                throw new IllegalStateException(Files.readString(folder.resolve(service + ".log")));
            }
            if (insertMeanwhile) {
                insert();
                Thread.sleep(200);
            }
            Thread.sleep(2);
        }
        double wall = (System.nanoTime() - begin) / 1e6;
        double cpu = process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e6;
        Thread.sleep(1_500); // past a saved checkpoint and a commit
        process.destroy();
        process.waitFor();
        return new Run(wall, cpu);
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    private static long end(KafkaConsumer<byte[], byte[]> consumer) {
        var partition = new TopicPartition("cdc.start.up", 0);
        return consumer.listTopics().containsKey(partition.topic())
                ? consumer.endOffsets(List.of(partition)).get(partition)
                : 0;
    }

    private long rows() {
        try (var query = postgres.createStatement();
                var result = query.executeQuery("select count(*) from start.up")) {
            result.next();
            return result.getLong(1);
        } catch (SQLException noTableYet) {
            return 0;
        }
    }

    private String configuration() {
        return """
                watcher:
                  mongodb:
                    uri: "%s"
                  scope:
                    include: start.up
                  kafka:
                    bootstrap-servers: "%s"
                  topic:
                    partitions: 1
                  checkpoint:
                    file:
                      path: "%s"
                  http:
                    port: %d
                syncer:
                  kafka:
                    bootstrap-servers: "%s"
                    topics: cdc.start.up
                  postgresql:
                    url: "%s"
                    user: "%s"
                  http:
                    port: %d
                """
                .formatted(
                        mongoServer.uri(),
                        kafka.bootstrapServers(),
                        folder.resolve("checkpoint"),
                        LoopbackPort.free(),
                        kafka.bootstrapServers(),
                        postgresServer.jdbcUrl(),
                        postgresServer.user(),
                        LoopbackPort.free());
    }

    @Override
    public void close() throws Exception {
        try (postgresServer;
                kafka;
                mongoServer) {
            mongo.close();
            postgres.close();
        }
    }
}
