package dev.cdcpipeline.watcher.app;

import dev.cdcpipeline.kafka.KafkaSettings;
import dev.cdcpipeline.model.wire.WireFormat;
import dev.cdcpipeline.platform.config.ByteSize;
import dev.cdcpipeline.platform.config.Configuration;
import dev.cdcpipeline.platform.config.Default;
import dev.cdcpipeline.platform.config.Description;
import dev.cdcpipeline.platform.config.Example;
import dev.cdcpipeline.platform.config.HttpSettings;
import dev.cdcpipeline.platform.config.LogSettings;
import dev.cdcpipeline.platform.config.Matches;
import dev.cdcpipeline.platform.config.NotAbove;
import dev.cdcpipeline.platform.config.Prefix;
import dev.cdcpipeline.platform.config.Range;
import dev.cdcpipeline.platform.config.RetrySettings;
import dev.cdcpipeline.platform.config.ShutdownSettings;
import dev.cdcpipeline.platform.config.TlsSettings;
import dev.cdcpipeline.platform.secret.Secret;
import dev.cdcpipeline.watcher.capture.PostImage;
import dev.cdcpipeline.watcher.publish.TooLarge;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that can be configured of a Watcher.
 *
 * @param id its name; Watchers with the same name share one checkpoint
 * @param mongodb the source
 * @param scope what is watched
 * @param postImage where whole documents of updates come from
 * @param start where the first start begins
 * @param generation raised by an operator for a deliberate replay
 * @param wire how records are written
 * @param kafka the destination
 * @param topic names and shape of topics
 * @param capture how much is read at a time
 * @param publish how much is in flight
 * @param checkpoint where the position is kept
 * @param retry how to try again
 * @param shutdown how to stop
 * @param http metrics and health
 * @param log what is logged
 */
@Prefix("watcher")
public record WatcherSettings(
        @Description(
                        "Name of this Watcher. Watchers with one name share one checkpoint, one of them leads.")
                @Default("watcher")
                @Matches(
                        regex = "[a-zA-Z0-9._-]{1,100}",
                        says = "letters, digits, dots, dashes and underscores")
                String id,
        Mongodb mongodb,
        ScopeSettings scope,
        @Description(
                        "Where the whole document of an update comes from: batched (the Watcher looks documents up itself, a"
                                + " batch at a time), server (updateLookup), required (post-images kept by MongoDB 6.0 and later),"
                                + " when-available (kept ones, else batched), off.")
                @Default("batched")
                PostImage postImage,
        @Description(
                        "Where the very first start begins: now, or a cluster time as seconds:increment, or a time such as"
                                + " 2026-01-31T12:00:00Z. With a checkpoint, always at the checkpoint; with now and without one, where"
                                + " the records in the topics say, if there are any.")
                @Default("now")
                @Matches(
                        regex =
                                "now|\\d{1,10}:\\d{1,10}|\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(:\\d\\d(\\.\\d+)?)?Z",
                        says = "now, seconds:increment, or a time such as 2026-01-31T12:00:00Z")
                String start,
        @Description(
                        "Raise it with a rewind of the checkpoint, so that the Syncer applies what it has seen before; or to begin as"
                                + " start says without a checkpoint, though the topics hold records. Never lower it.")
                @Default("1")
                @Range(min = "0")
                long generation,
        Wire wire,
        KafkaSettings kafka,
        Topic topic,
        Capture capture,
        Publish publish,
        CheckpointSettings checkpoint,
        RetrySettings retry,
        ShutdownSettings shutdown,
        HttpSettings http,
        LogSettings log) {

    /**
     * Reads and checks the configuration.
     *
     * @param file the YAML file; null if the environment says everything
     * @param environment usually {@code System.getenv()}
     * @throws dev.cdcpipeline.platform.config.ConfigurationException with every problem
     */
    public static WatcherSettings load(@Nullable Path file, Map<String, String> environment) {
        return Configuration.load(WatcherSettings.class, file, environment, Checks.RULES);
    }

    /**
     * How to reach MongoDB.
     *
     * @param uri the connection string
     * @param tls certificates, with {@code tls=true} in the URI
     */
    public record Mongodb(
            @Description(
                            "Connection string of the replica set or sharded cluster,"
                                    + " mongodb://user:password@host1,host2/?replicaSet=name or mongodb+srv://...")
                    @Example("mongodb://localhost:27017/?replicaSet=rs0")
                    Secret uri,
            TlsSettings tls) {}

    /**
     * What is watched.
     *
     * @param include patterns of what is watched
     * @param exclude patterns of what is not
     * @param excludeFields fields that never leave the server
     * @param pipeline further stages
     */
    public record ScopeSettings(
            @Description(
                            "Patterns database.collection of what is watched, exact or with *; for example shop.orders, shop.*")
                    @Example("[shop.*]")
                    List<String> include,
            @Description("Patterns of what is left out of it.") Optional<List<String>> exclude,
            @Description(
                            "Paths of fields that never leave MongoDB, in every document of the scope, for example ssn, card.number."
                                    + " Updates then come without their updateDescription. Not _id, which identifies a document.")
                    Optional<List<String>> excludeFields,
            @Description(
                            "Further stages of the change stream's pipeline as a JSON array, for example [{$match:"
                                    + " {'documentKey._id': {$gte: 7}}}]. _id, ns, documentKey, operationType and clusterTime must"
                                    + " remain. What names fullDocument needs watcher.post-image: server.")
                    Optional<String> pipeline) {}

    /**
     * How records are written.
     *
     * @param format the format of values; keys are JSON
     */
    public record Wire(
            @Description(
                            "json (Extended JSON, as the official connector writes it) or bson (smaller and faster).")
                    @Default("json")
                    WireFormat format) {}

    /**
     * Names and shape of topics.
     *
     * @param prefix what topic names begin with
     * @param partitions partitions of new topics
     * @param replication replication of new topics
     * @param maxMessageBytes the largest record
     */
    public record Topic(
            @Description(
                            "Topics are named prefix.database.collection; with a hash at the end where Kafka does not take that name,"
                                    + " or has a topic that differs from it only in . and _.")
                    @Default("cdc")
                    @Matches(
                            regex = "[a-zA-Z0-9._-]{1,100}",
                            says = "letters, digits, dots, dashes and underscores")
                    String prefix,
            @Description(
                            "Partitions of a topic that is created; bounds how many Syncers can share it.")
                    @Default("8")
                    @Range(min = "1", max = "10000")
                    int partitions,
            @Description(
                            "Replication factor of a topic that is created; 0 takes the broker's default.")
                    @Default("0")
                    @Range(min = "0", max = "100")
                    int replication,
            @Description(
                            "max.message.bytes of a topic that is created. A document of 16 MiB takes more as JSON.")
                    @Default("64MiB")
                    @Range(min = "1MiB", max = "1GiB")
                    ByteSize maxMessageBytes) {}

    /**
     * How much is read at a time.
     *
     * @param batchEvents most events in a batch
     * @param batchBytes size of a batch
     * @param aheadBytes bound on what is read ahead
     * @param await how long the server waits for an event
     * @param answerTimeout how long it may take to answer at all
     * @param lookUpTimeout how long a look-up may take
     */
    public record Capture(
            @Description("Most events asked for at a time.")
                    @Default("10000")
                    @Range(min = "1", max = "1000000")
                    int batchEvents,
            @Description("About how many bytes are asked for at a time.")
                    @Default("2MiB")
                    @Range(min = "16KiB", max = "16MiB")
                    ByteSize batchBytes,
            @Description("Most bytes read ahead of publishing.")
                    @Default("8MiB")
                    @Range(min = "64KiB", max = "1GiB")
                    ByteSize aheadBytes,
            @Description(
                            "How long the server may wait for the next event before it answers with none.")
                    @Default("1s")
                    @Range(min = "10ms", max = "1m")
                    @NotAbove("answer-timeout")
                    Duration await,
            @Description(
                            "How long MongoDB may take to answer, beyond await; then the connection is given up and the stream opened"
                                    + " again. A server that searches a long oplog for the next change of a narrow scope takes its time."
                                    + " /health tells of it after a tenth of this. A socketTimeoutMS in the URI wins.")
                    @Default("10m")
                    @Range(min = "1s", max = "1d")
                    Duration answerTimeout,
            @Description(
                            "How long MongoDB may take to look up documents of updates; then /health tells of it, and it is asked again.")
                    @Default("30s")
                    @Range(min = "100ms", max = "1h")
                    Duration lookUpTimeout) {}

    /**
     * How much is in flight.
     *
     * @param maxInFlightRecords bound by count
     * @param maxInFlightBytes bound by bytes
     * @param stallTimeout how long nothing may be confirmed
     * @param tooLarge policy for records that Kafka never takes
     * @param deadLetterTopic where it is told of them
     */
    public record Publish(
            @Description("Most records in flight to Kafka; then reading waits.")
                    @Default("50000")
                    @Range(min = "1", max = "1000000")
                    int maxInFlightRecords,
            @Description("Most bytes in flight to Kafka; then reading waits.")
                    @Default("32MiB")
                    @Range(min = "64KiB", max = "2GiB")
                    ByteSize maxInFlightBytes,
            @Description(
                            "How long Kafka may confirm nothing of what is in flight; then /health tells of it with its cause, and"
                                    + " publishing starts over where that helps. Also how often it is looked whether the topics are"
                                    + " still the same: four times in this, at least every 5s.")
                    @Default("30s")
                    @Range(min = "1s", max = "1h")
                    Duration stallTimeout,
            @Description(
                            "What to do with a record that is too large for Kafka even when compressed: stop, or dead-letter (a"
                                    + " small record that says which one it was).")
                    @Default("stop")
                    TooLarge tooLarge,
            @Description("Topic that is told of records that were too large.")
                    @Default("cdc-watcher-dead-letter")
                    @Matches(regex = Matches.TOPIC, says = Matches.TOPIC_SAYS)
                    String deadLetterTopic) {}

    /**
     * Where the position is kept.
     *
     * @param store the kind of store
     * @param interval how often it is saved
     * @param file the file
     * @param redis Redis
     * @param maxUnsaved how long saving may fail
     * @param changedScope policy for a changed scope
     */
    public record CheckpointSettings(
            @Description(
                            "Where the position is kept: file, or redis for a Watcher that can move and for a hot standby.")
                    @Default("file")
                    Store store,
            @Description(
                            "How often the position is saved; also how much is published again after a crash. Not above max-unsaved.")
                    @Default("1s")
                    @Range(min = "10ms", max = "1h")
                    @NotAbove("max-unsaved")
                    Duration interval,
            File file,
            Redis redis,
            @Description("For how long positions may fail to be saved before publishing waits.")
                    @Default("10m")
                    @Range(min = "1s", max = "7d")
                    Duration maxUnsaved,
            @Description(
                            "What to do when the scope or the pipeline is not that of the checkpoint: refuse to start, or accept"
                                    + " (what is new in the scope is captured from the checkpoint on).")
                    @Default("refuse")
                    ChangedScope changedScope) {

        /**
         * A file.
         *
         * @param path its path
         */
        public record File(
                @Description(
                                "The checkpoint file, on a disk that outlives the process; its folder is created.")
                        @Default("data/watcher.checkpoint")
                        Path path) {}

        /**
         * A Redis server.
         *
         * @param url its address
         * @param tls certificates, with {@code rediss://}
         * @param lease how long a lease lasts
         */
        public record Redis(
                @Description(
                                "Redis as host:port, redis://user:password@host:port/database,"
                                        + " redis-sentinel://user:password@sentinel1:26379,sentinel2:26379/database#master, or"
                                        + " redis-cluster://user:password@node1:6379,node2:6379; rediss... instead of redis... with TLS.")
                        Optional<Secret> url,
                TlsSettings tls,
                @Description(
                                "After how long without a sign of life of the leading Watcher another one takes over.")
                        @Default("10s")
                        @Range(min = "100ms", max = "10m")
                        Duration lease) {}

        /** Policies for a changed scope. */
        public enum ChangedScope {
            /** The Watcher does not start. */
            REFUSE,
            /** It goes on with the new scope. */
            ACCEPT
        }

        /** Kinds of stores. */
        public enum Store {
            /** A local file. */
            FILE,
            /** Redis. */
            REDIS
        }
    }
}
