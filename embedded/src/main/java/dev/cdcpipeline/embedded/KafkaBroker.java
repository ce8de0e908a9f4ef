package dev.cdcpipeline.embedded;

import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.jspecify.annotations.Nullable;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;

/**
 * A real Apache Kafka broker, with its KRaft controller, in this JVM.
 *
 * <p>It listens on one loopback port, keeps its data in a temporary folder, and never creates
 * topics by itself. The threads of its methods' callers may differ, but calls must not overlap.
 */
public final class KafkaBroker implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long POLL_MILLIS = 10;

    private final ServerFolder folder;
    private final int port;
    private final int saslPort = LoopbackPort.free();
    private final int tlsPort = LoopbackPort.free();
    private final @Nullable KafkaSecurity security;
    private final Properties settings;
    private @Nullable KafkaRaftServer server;

    private KafkaBroker(
            ServerFolder folder, Map<String, String> extra, @Nullable KafkaSecurity security) {
        this.folder = folder;
        this.security = security;
        this.port = LoopbackPort.free();
        this.settings = settings(folder.path().resolve("data"), port, LoopbackPort.free());
        if (security != null) {
            secure(security);
        }
        settings.putAll(extra);
    }

    /** Starts a new broker without topics. */
    public static KafkaBroker start() {
        return start(Map.of());
    }

    /**
     * Starts a new broker without topics.
     *
     * @param extra broker settings by their Kafka names, over this class's own
     */
    public static KafkaBroker start(Map<String, String> extra) {
        return started(new KafkaBroker(ServerFolder.create("kafka"), extra, null));
    }

    /** Starts a new broker without topics that has listeners with TLS and authentication too. */
    public static KafkaBroker start(KafkaSecurity security) {
        return started(new KafkaBroker(ServerFolder.create("kafka"), Map.of(), security));
    }

    private static KafkaBroker started(KafkaBroker broker) {
        try {
            broker.format();
            broker.restart();
            return broker;
        } catch (RuntimeException e) {
            broker.close();
            throw e;
        }
    }

    /** What clients need to reach it: {@code host:port}. */
    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /** Where users come with a password over TLS, if there is security. */
    public String saslBootstrapServers() {
        return "localhost:" + saslPort;
    }

    /** Where users come with a certificate, if there is security. */
    public String tlsBootstrapServers() {
        return "localhost:" + tlsPort;
    }

    /** Stops the broker and keeps its data. Does nothing when it is stopped. */
    public void stop() {
        KafkaRaftServer running = server;
        server = null;
        if (running != null) {
            running.shutdown();
            running.awaitShutdown();
        }
    }

    /** Starts the broker on the same port with its data, after stopping it if it runs. */
    public void restart() {
        stop();
        var starting = new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM);
        server = starting;
        starting.startup();
    }

    /**
     * Removes the records of a partition from the stopped broker's disk: what is left of a broker
     * that lost its disk where no other one had a copy. After the restart the log is empty and
     * begins at offset 0.
     */
    public void loseRecords(String topic, int partition) {
        if (server != null) {
            throw new IllegalStateException("The broker must be stopped to lose its disk.");
        }
        FolderTree.delete(
                Path.of(settings.getProperty("log.dirs")).resolve(topic + "-" + partition));
    }

    /**
     * Creates topics and waits until the broker knows them; without that, what is asked of a topic
     * right after its creation may find none.
     */
    public void createTopics(NewTopic... topics) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()))) {
            admin.createTopics(List.of(topics)).all().get();
            List<String> names = Arrays.stream(topics).map(NewTopic::name).toList();
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (!isKnown(admin, names)) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("The broker does not know " + names);
                }
                Thread.sleep(POLL_MILLIS);
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("Kafka refused " + List.of(topics), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while topics were created", e);
        }
    }

    private static boolean isKnown(Admin admin, List<String> topics)
            throws ExecutionException, InterruptedException {
        try {
            admin.describeTopics(topics).allTopicNames().get();
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return false;
            }
            throw e;
        }
    }

    /** Stops the broker and removes its data. */
    @Override
    public void close() {
        try {
            stop();
        } finally {
            folder.close();
        }
    }

    private void format() {
        try (var quiet =
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
            var formatter = new Formatter();
            if (security != null) {
                formatter.setScramArguments(security.scram());
            }
            formatter
                    .setPrintStream(quiet)
                    .setClusterId(Uuid.randomUuid().toString())
                    .setNodeId(1)
                    .setReleaseVersion(MetadataVersion.latestProduction())
                    .setControllerListenerName("CONTROLLER")
                    .setDirectories(List.of(settings.getProperty("log.dirs")))
                    .setMetadataLogDirectory(settings.getProperty("log.dirs"))
                    .run();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("Could not format the broker's storage.", e);
        }
    }

    private void secure(KafkaSecurity wanted) {
        settings.putAll(wanted.settings());
        addListeners("listeners", "127.0.0.1");
        addListeners("advertised.listeners", "localhost");
    }

    private void addListeners(String setting, String host) {
        settings.merge(
                setting,
                ",SASL_SSL://%s:%d,SSL://%s:%d".formatted(host, saslPort, host, tlsPort),
                (before, more) -> before.toString() + more);
    }

    private static Properties settings(Path data, int port, int controllerPort) {
        var settings = new HashMap<String, String>();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", "1");
        settings.put("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put(
                "listeners",
                "PLAINTEXT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d"
                        .formatted(port, controllerPort));
        settings.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
        settings.put("log.dirs", data.toString());
        settings.put("auto.create.topics.enable", "false");
        oneNode(settings);
        smallAndQuick(settings);
        var properties = new Properties();
        properties.putAll(settings);
        return properties;
    }

    private static void oneNode(Map<String, String> settings) {
        settings.put("default.replication.factor", "1");
        settings.put("min.insync.replicas", "1");
        settings.put("offsets.topic.replication.factor", "1");
        settings.put("offsets.topic.num.partitions", "4");
        settings.put("transaction.state.log.replication.factor", "1");
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("transaction.state.log.num.partitions", "4");
        settings.put("share.coordinator.state.topic.replication.factor", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");
        settings.put("share.coordinator.state.topic.num.partitions", "1");
    }

    private static void smallAndQuick(Map<String, String> settings) {
        settings.put("group.initial.rebalance.delay.ms", "0");
        settings.put("group.min.session.timeout.ms", "1000");
        settings.put("controller.quorum.election.timeout.ms", "200");
        settings.put("controller.quorum.election.backoff.max.ms", "100");
        settings.put("num.network.threads", "2");
        settings.put("num.io.threads", "2");
        settings.put("num.recovery.threads.per.data.dir", "1");
        settings.put("background.threads", "2");
        settings.put("log.cleaner.dedupe.buffer.size", "2097152");
        settings.put("log.cleaner.threads", "1");
        settings.put("log.segment.delete.delay.ms", "1000");
    }
}
