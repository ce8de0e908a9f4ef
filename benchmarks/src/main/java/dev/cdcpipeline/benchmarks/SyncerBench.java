package dev.cdcpipeline.benchmarks;

import dev.cdcpipeline.embedded.KafkaBroker;
import dev.cdcpipeline.embedded.PostgresServer;
import dev.cdcpipeline.model.wire.WireFormat;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The Syncer in a process of its own beside raw COPY of the same rows, on a real broker and a
 * durable PostgreSQL: a topic of inserts as fast as it goes, or inserts at a fixed rate and how
 * long each takes to be visible.
 */
public final class SyncerBench {
    private static final int PARTITIONS = 8;
    private static final int RAW_ROWS = 1_000_000;
    private static final Map<String, String> DURABLE =
            Map.of(
                    "fsync", "on",
                    "synchronous_commit", "on",
                    "full_page_writes", "on",
                    "shared_buffers", "512MB",
                    "max_wal_size", "4GB");

    private final Options options;
    private final KafkaBroker kafka;
    private final PostgresServer postgres;

    private SyncerBench(Options options, KafkaBroker kafka, PostgresServer postgres) {
        this.options = options;
        this.kafka = kafka;
        this.postgres = postgres;
    }

    /** Runs it; see {@link Options}. */
    public static void main(String[] arguments) throws Exception {
        Options options = Options.parse(arguments);
        try (KafkaBroker kafka = KafkaBroker.start();
                PostgresServer postgres = PostgresServer.start(DURABLE)) {
            var bench = new SyncerBench(options, kafka, postgres);
            if (options.rate() > 0) {
                bench.latency();
            } else {
                bench.throughput();
            }
        }
        System.exit(0);
    }

    private void throughput() throws Exception {
        String topic = "bench.full";
        createTopic(topic);
        fill(topic);
        int raw = Math.min(options.events(), RAW_ROWS);
        var copy = new RawCopy(postgres.jdbcUrl(), postgres.user());
        copy.measure(raw); // a new server makes the files of its log as it goes
        double limit = copy.measure(raw);
        System.out.printf("raw COPY, 2 connections, %,d rows: %,.0f/s%n", raw, limit);
        Process syncer = start(topic);
        try (var progress = new LedgerProgress(connect())) {
            double rate = watch(syncer, progress);
            System.out.printf(
                    "%.0f%% of raw COPY; heap %s, events as %s, doc.format %s%n",
                    100 * rate / limit, options.heap(), options.wire(), options.doc());
        } finally {
            stop(syncer);
        }
    }

    /** Waits until all is applied; prints each tenth of it, to show whether it stays flat. */
    private double watch(Process syncer, LedgerProgress progress) throws Exception {
        while (progress.applied() == 0) {
            pause(syncer);
        }
        long first = progress.applied();
        var total = new Span(syncer, first);
        var tenth = total;
        for (int i = 1; i <= 10; i++) {
            long goal = (long) options.events() * i / 10;
            if (goal <= first) {
                continue;
            }
            while (progress.applied() < goal) {
                pause(syncer);
            }
            var now = new Span(syncer, progress.applied());
            tenth.print(now, "up to " + now.applied());
            tenth = now;
        }
        total.print(tenth, "all after the first batch");
        return total.rate(tenth);
    }

    private static void pause(Process syncer) throws InterruptedException {
        if (!syncer.isAlive()) {
            throw new IllegalStateException("the Syncer has ended; see its output");
        }
        TimeUnit.MILLISECONDS.sleep(5);
    }

    private void latency() throws Exception {
        String topic = "bench.rate";
        createTopic(topic);
        Process syncer = start(topic);
        try (var producer = producer("0");
                var progress = new LedgerProgress(connect())) {
            new FixedRate(options, topic, PARTITIONS, producer, progress).run();
        } finally {
            stop(syncer);
        }
    }

    private void createTopic(String topic) throws Exception {
        try (var admin =
                Admin.create(
                        Map.<String, Object>of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(topic, PARTITIONS, (short) 1))).all().get();
        }
    }

    private void fill(String topic) {
        var samples = new SampleRecords(WireFormat.valueOf(options.wire()));
        try (var producer = producer("20")) {
            for (int i = 0; i < options.events(); i++) {
                var _ = producer.send(samples.insert(topic, i % PARTITIONS, i, Instant.now()));
            }
        }
        System.out.printf("%,d inserts in %d partitions%n", options.events(), PARTITIONS);
    }

    private KafkaProducer<byte[], byte[]> producer(String linger) {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        kafka.bootstrapServers(),
                        "acks",
                        "all",
                        "linger.ms",
                        linger,
                        "batch.size",
                        "262144",
                        "compression.type",
                        options.compression()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private Process start(String topic) throws Exception {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx" + options.heap());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("--sun-misc-unsafe-memory-access=allow");
        command.addAll(options.javaOptions());
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of("dev.cdcpipeline.cli.Main", "syncer"));
        var builder = new ProcessBuilder(command);
        Map<String, String> environment = builder.environment();
        environment.put("SYNCER_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers());
        environment.put("SYNCER_KAFKA_TOPICS", topic);
        environment.put("SYNCER_POSTGRESQL_URL", postgres.jdbcUrl());
        environment.put("SYNCER_POSTGRESQL_USER", postgres.user());
        environment.put("SYNCER_HTTP_PORT", "0");
        environment.put("SYNCER_DOC_FORMAT", options.doc());
        environment.put("SYNCER_LOG_LEVEL", "WARN");
        if (options.batch() > 0) {
            environment.put("SYNCER_BATCH_MAX_RECORDS", Integer.toString(options.batch()));
            environment.put("SYNCER_BATCH_BACKLOG_RECORDS", Integer.toString(options.batch()));
        }
        return builder.redirectOutput(Redirect.INHERIT).redirectError(Redirect.INHERIT).start();
    }

    private static void stop(Process syncer) throws InterruptedException {
        syncer.destroy();
        if (!syncer.waitFor(30, TimeUnit.SECONDS)) {
            syncer.destroyForcibly();
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), "");
    }

    /** How much was applied, and with how much CPU time, up to a moment. */
    private record Span(long applied, long nanos, double syncerCpu, double postgresCpu) {

        Span(Process syncer, long applied) {
            this(
                    applied,
                    System.nanoTime(),
                    CpuTime.of(syncer.toHandle()),
                    CpuTime.ofChildrenBut(syncer.toHandle()));
        }

        double rate(Span later) {
            return (later.applied - applied) * 1e9 / (later.nanos - nanos);
        }

        void print(Span later, String what) {
            double events = later.applied - applied;
            System.out.printf(
                    "%-26s %,9.0f events/s; CPU per event: Syncer %.1f us, PostgreSQL %.1f us%n",
                    what,
                    rate(later),
                    (later.syncerCpu - syncerCpu) * 1e6 / events,
                    (later.postgresCpu - postgresCpu) * 1e6 / events);
        }
    }
}
