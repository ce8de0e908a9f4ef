package dev.cdcpipeline.watcher.app;

import dev.cdcpipeline.model.wire.WireFormat;
import dev.cdcpipeline.platform.config.ByteSize;
import dev.cdcpipeline.platform.config.Configuration;
import dev.cdcpipeline.platform.config.Description;
import dev.cdcpipeline.platform.config.Example;
import dev.cdcpipeline.platform.config.HttpSettings;
import dev.cdcpipeline.platform.config.KafkaSettings;
import dev.cdcpipeline.platform.config.LogSettings;
import dev.cdcpipeline.platform.config.Matches;
import dev.cdcpipeline.platform.config.NotAbove;
import dev.cdcpipeline.platform.config.Range;
import dev.cdcpipeline.platform.config.RetrySettings;
import dev.cdcpipeline.platform.config.ShutdownSettings;
import dev.cdcpipeline.platform.config.TlsSettings;
import dev.cdcpipeline.platform.secret.Secret;
import dev.cdcpipeline.watcher.capture.PostImage;
import dev.cdcpipeline.watcher.publish.TooLarge;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Everything that can be configured of a Watcher. */
@ConfigMapping(prefix = "watcher")
public interface WatcherSettings {
    /** Its name; Watchers with the same name share one checkpoint. */
    @Description(
            "Name of this Watcher. Watchers with one name share one checkpoint, one of them leads.")
    @WithDefault("watcher")
    @Matches(
            regex = "[a-zA-Z0-9._-]{1,100}",
            says = "letters, digits, dots, dashes and underscores")
    String id();

    /** The source. */
    Mongodb mongodb();

    /** What is watched. */
    ScopeSettings scope();

    /** Where whole documents of updates come from. */
    @Description(
            "Where the whole document of an update comes from: batched (the Watcher looks documents up itself, a"
                    + " batch at a time), server (updateLookup), required (post-images kept by MongoDB 6.0 and later),"
                    + " when-available (kept ones, else batched), off.")
    @WithDefault("batched")
    PostImage postImage();

    /** Where the first start begins. */
    @Description(
            "Where the very first start begins: now, or a cluster time as seconds:increment, or a time such as"
                    + " 2026-01-31T12:00:00Z. With a checkpoint, always at the checkpoint; with now and without one, where"
                    + " the records in the topics say, if there are any.")
    @WithDefault("now")
    @Matches(
            regex =
                    "now|\\d{1,10}:\\d{1,10}|\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(:\\d\\d(\\.\\d+)?)?Z",
            says = "now, seconds:increment, or a time such as 2026-01-31T12:00:00Z")
    String start();

    /** Raised by an operator for a deliberate replay. */
    @Description(
            "Raise it with a rewind of the checkpoint, so that the Syncer applies what it has seen before; or to begin as"
                    + " start says without a checkpoint, though the topics hold records. Never lower it.")
    @WithDefault("1")
    @Range(min = "0")
    long generation();

    /** How records are written. */
    Wire wire();

    /** The destination. */
    KafkaSettings kafka();

    /** Names and shape of topics. */
    Topic topic();

    /** How much is read at a time. */
    Capture capture();

    /** How much is in flight. */
    Publish publish();

    /** Where the position is kept. */
    CheckpointSettings checkpoint();

    /** How to try again. */
    RetrySettings retry();

    /** How to stop. */
    ShutdownSettings shutdown();

    /** Metrics and health. */
    HttpSettings http();

    /** What is logged. */
    LogSettings log();

    /**
     * Reads and checks the configuration.
     *
     * @param file the YAML file; null if the environment says everything
     * @param environment usually {@code System.getenv()}
     * @throws dev.cdcpipeline.platform.config.ConfigurationException with every problem
     */
    static WatcherSettings load(@Nullable Path file, Map<String, String> environment) {
        return Configuration.load(WatcherSettings.class, file, environment, Checks.RULES);
    }

    /** How to reach MongoDB. */
    interface Mongodb {
        /** The connection string. */
        @Description(
                "Connection string of the replica set or sharded cluster,"
                        + " mongodb://user:password@host1,host2/?replicaSet=name or mongodb+srv://...")
        @Example("mongodb://localhost:27017/?replicaSet=rs0")
        Secret uri();

        /** Certificates, with {@code tls=true} in the URI. */
        TlsSettings tls();
    }

    /** What is watched. */
    interface ScopeSettings {
        /** Patterns of what is watched. */
        @Description(
                "Patterns database.collection of what is watched, exact or with *; for example shop.orders, shop.*")
        @Example("[shop.*]")
        List<String> include();

        /** Patterns of what is not. */
        @Description("Patterns of what is left out of it.")
        Optional<List<String>> exclude();

        /** Fields that never leave the server. */
        @Description(
                "Paths of fields that never leave MongoDB, in every document of the scope, for example ssn, card.number."
                        + " Updates then come without their updateDescription. Not _id, which identifies a document.")
        Optional<List<String>> excludeFields();

        /** Further stages. */
        @Description(
                "Further stages of the change stream's pipeline as a JSON array, for example [{$match:"
                        + " {'documentKey._id': {$gte: 7}}}]. _id, ns, documentKey, operationType and clusterTime must"
                        + " remain. What names fullDocument needs watcher.post-image: server.")
        Optional<String> pipeline();
    }

    /** How records are written. */
    interface Wire {
        /** The format of values; keys are JSON. */
        @Description(
                "json (Extended JSON, as the official connector writes it) or bson (smaller and faster).")
        @WithDefault("json")
        WireFormat format();
    }

    /** Names and shape of topics. */
    interface Topic {
        /** What topic names begin with. */
        @Description(
                "Topics are named prefix.database.collection; with a hash at the end where Kafka does not take that name,"
                        + " or has a topic that differs from it only in . and _.")
        @WithDefault("cdc")
        @Matches(
                regex = "[a-zA-Z0-9._-]{1,100}",
                says = "letters, digits, dots, dashes and underscores")
        String prefix();

        /** Partitions of new topics. */
        @Description("Partitions of a topic that is created; bounds how many Syncers can share it.")
        @WithDefault("8")
        @Range(min = "1", max = "10000")
        int partitions();

        /** Replication of new topics. */
        @Description("Replication factor of a topic that is created; 0 takes the broker's default.")
        @WithDefault("0")
        @Range(min = "0", max = "100")
        int replication();

        /** The largest record. */
        @Description(
                "max.message.bytes of a topic that is created. A document of 16 MiB takes more as JSON.")
        @WithDefault("64MiB")
        @Range(min = "1MiB", max = "1GiB")
        ByteSize maxMessageBytes();
    }

    /** How much is read at a time. */
    interface Capture {
        /** Most events in a batch. */
        @Description("Most events asked for at a time.")
        @WithDefault("10000")
        @Range(min = "1", max = "1000000")
        int batchEvents();

        /** Size of a batch. */
        @Description("About how many bytes are asked for at a time.")
        @WithDefault("2MiB")
        @Range(min = "16KiB", max = "16MiB")
        ByteSize batchBytes();

        /** Bound on what is read ahead. */
        @Description("Most bytes read ahead of publishing.")
        @WithDefault("8MiB")
        @Range(min = "64KiB", max = "1GiB")
        ByteSize aheadBytes();

        /** How long the server waits for an event. */
        @Description("How long the server may wait for the next event before it answers with none.")
        @WithDefault("1s")
        @Range(min = "10ms", max = "1m")
        @NotAbove("answer-timeout")
        Duration await();

        /** How long it may take to answer at all. */
        @Description(
                "How long MongoDB may take to answer, beyond await; then the connection is given up and the stream opened"
                        + " again. A server that searches a long oplog for the next change of a narrow scope takes its time."
                        + " /health tells of it after a tenth of this. A socketTimeoutMS in the URI wins.")
        @WithDefault("10m")
        @Range(min = "1s", max = "1d")
        Duration answerTimeout();

        /** How long a look-up may take. */
        @Description(
                "How long MongoDB may take to look up documents of updates; then /health tells of it, and it is asked again.")
        @WithDefault("30s")
        @Range(min = "100ms", max = "1h")
        Duration lookUpTimeout();
    }

    /** How much is in flight. */
    interface Publish {
        /** Bound by count. */
        @Description("Most records in flight to Kafka; then reading waits.")
        @WithDefault("50000")
        @Range(min = "1", max = "1000000")
        int maxInFlightRecords();

        /** Bound by bytes. */
        @Description("Most bytes in flight to Kafka; then reading waits.")
        @WithDefault("32MiB")
        @Range(min = "64KiB", max = "2GiB")
        ByteSize maxInFlightBytes();

        /** How long nothing may be confirmed. */
        @Description(
                "How long Kafka may confirm nothing of what is in flight; then /health tells of it with its cause, and"
                        + " publishing starts over where that helps. Also how often it is looked whether the topics are"
                        + " still the same: four times in this, at least every 5s.")
        @WithDefault("30s")
        @Range(min = "1s", max = "1h")
        Duration stallTimeout();

        /** Policy for records that Kafka never takes. */
        @Description(
                "What to do with a record that is too large for Kafka even when compressed: stop, or dead-letter (a"
                        + " small record that says which one it was).")
        @WithDefault("stop")
        TooLarge tooLarge();

        /** Where it is told of them. */
        @Description("Topic that is told of records that were too large.")
        @WithDefault("cdc-watcher-dead-letter")
        @Matches(regex = Matches.TOPIC, says = Matches.TOPIC_SAYS)
        String deadLetterTopic();
    }

    /** Where the position is kept. */
    interface CheckpointSettings {
        /** The kind of store. */
        @Description(
                "Where the position is kept: file, or redis for a Watcher that can move and for a hot standby.")
        @WithDefault("file")
        Store store();

        /** How often it is saved. */
        @Description(
                "How often the position is saved; also how much is published again after a crash. Not above max-unsaved.")
        @WithDefault("1s")
        @Range(min = "10ms", max = "1h")
        @NotAbove("max-unsaved")
        Duration interval();

        /** The file. */
        File file();

        /** A file. */
        interface File {
            /** Its path. */
            @Description(
                    "The checkpoint file, on a disk that outlives the process; its folder is created.")
            @WithDefault("data/watcher.checkpoint")
            Path path();
        }

        /** Redis. */
        Redis redis();

        /** How long saving may fail. */
        @Description("For how long positions may fail to be saved before publishing waits.")
        @WithDefault("10m")
        @Range(min = "1s", max = "7d")
        Duration maxUnsaved();

        /** Policy for a changed scope. */
        @Description(
                "What to do when the scope or the pipeline is not that of the checkpoint: refuse to start, or accept"
                        + " (what is new in the scope is captured from the checkpoint on).")
        @WithDefault("refuse")
        ChangedScope changedScope();

        /** A Redis server. */
        interface Redis {
            /** Its address. */
            @Description(
                    "Redis as host:port, redis://user:password@host:port/database,"
                            + " redis-sentinel://user:password@sentinel1:26379,sentinel2:26379/database#master, or"
                            + " redis-cluster://user:password@node1:6379,node2:6379; rediss... instead of redis... with TLS.")
            Optional<Secret> url();

            /** Certificates, with {@code rediss://}. */
            TlsSettings tls();

            /** How long a lease lasts. */
            @Description(
                    "After how long without a sign of life of the leading Watcher another one takes over.")
            @WithDefault("10s")
            @Range(min = "100ms", max = "10m")
            Duration lease();
        }

        /** Policies for a changed scope. */
        enum ChangedScope {
            /** The Watcher does not start. */
            REFUSE,
            /** It goes on with the new scope. */
            ACCEPT
        }

        /** Kinds of stores. */
        enum Store {
            /** A local file. */
            FILE,
            /** Redis. */
            REDIS
        }
    }
}
