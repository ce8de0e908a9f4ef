package dev.cdcpipeline.syncer.app;

import dev.cdcpipeline.platform.config.ByteSize;
import dev.cdcpipeline.platform.config.Configuration;
import dev.cdcpipeline.platform.config.Description;
import dev.cdcpipeline.platform.config.HttpSettings;
import dev.cdcpipeline.platform.config.LogSettings;
import dev.cdcpipeline.platform.config.Matches;
import dev.cdcpipeline.platform.config.Range;
import dev.cdcpipeline.platform.config.RetrySettings;
import dev.cdcpipeline.platform.config.ShutdownSettings;
import dev.cdcpipeline.syncer.write.SweepPolicy;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** All settings of the Syncer; the root of its YAML file is {@code syncer:}. */
@ConfigMapping(prefix = "syncer")
public interface SyncerSettings {

    /** Where the events come from. */
    SourceSettings kafka();

    /** Where the rows go. */
    TargetSettings postgresql();

    /** Which table a collection goes to. */
    Table table();

    /** How a document looks in its column. */
    Document doc();

    /** When and how much is written at once. */
    BatchSettings batch();

    /** What waits between Kafka and the workers. */
    Queue queue();

    /** How many batches are written at the same time. */
    @Description(
            "Workers: how many batches are written at the same time. Each uses a connection; a free"
                    + " one takes the partition that has waited longest.")
    @WithDefault("2")
    @Range(min = "1", max = "256")
    int workers();

    /** How long nothing may get on while records wait. */
    @Description(
            "How long a partition may stand still while records of it wait, or a batch be under way; then /health tells of it,"
                    + " with its cause. Not while a table is swept, which may take long.")
    @WithDefault("30s")
    @Range(min = "1s", max = "1h")
    Duration stallTimeout();

    /** What a drop, a rename or a new snapshot does to the rows that were there before. */
    @Description(
            "Rows of a collection that was dropped, renamed or copied anew: mirror deletes those"
                    + " that MongoDB no longer has, ignore keeps them.")
    @WithDefault("mirror")
    SweepPolicy sweep();

    /** How long deleted rows are remembered. */
    @Description(
            "How long the version of a deleted row is kept (in cdc.deleted), so that an older change"
                    + " that comes late does not bring the row back. At least as long as such"
                    + " changes may be on their way; 0s keeps none.")
    @WithDefault("24h")
    @Range(min = "0s", max = "3650d")
    Duration tombstones();

    /** Where records go that cannot be applied. */
    DeadLetter deadLetter();

    /** What to do where Kafka no longer has what comes next. */
    LossSettings onLoss();

    /** How what may pass is tried again. */
    RetrySettings retry();

    /** Metrics and health. */
    Http http();

    /** Logs. */
    LogSettings log();

    /** How the service stops. */
    ShutdownSettings shutdown();

    /**
     * Reads and checks the configuration.
     *
     * @param file the YAML file; null if the environment says everything
     * @param environment usually {@code System.getenv()}
     * @throws dev.cdcpipeline.platform.config.ConfigurationException with every problem
     */
    static SyncerSettings load(@Nullable Path file, Map<String, String> environment) {
        return Configuration.load(SyncerSettings.class, file, environment, Checks.RULES);
    }

    /** Metrics and health, on another port than the Watcher's: both may run on one machine. */
    interface Http extends HttpSettings {
        @Override
        @WithDefault("8081")
        int port();
    }

    /** Names of tables. */
    interface Table {

        /** The schema's name as a template. */
        @Description("Schema of a collection's table; {db} and {collection} stand for its names.")
        @WithDefault("{db}")
        String schema();

        /** The table's name as a template. */
        @Description("Name of a collection's table; {db} and {collection} stand for its names.")
        @WithDefault("{collection}")
        String name();

        /** Tables of single collections; never null. */
        @Description("Tables of single collections: db.collection: schema.table")
        Map<String, String> overrides();
    }

    /** The column of the document. */
    interface Document {

        /** How values look that JSON has no type for. */
        @Description(
                "plain: ObjectIds and dates as strings, numbers as numbers. extended: MongoDB"
                        + " Extended JSON v2, from which every BSON type can be told again.")
        @WithDefault("plain")
        DocFormat format();
    }

    /** The queue of the workers. */
    interface Queue {

        /** The bound of what waits. */
        @Description(
                "Memory for records that wait for a worker. When it is used up, the partitions are"
                        + " paused; one that has its share of it, alone. Half of it, and at most"
                        + " 16MiB, is fetched from Kafka at once.")
        @WithDefault("32MiB")
        @Range(min = "1MiB", max = "64GiB")
        ByteSize maxBytes();
    }

    /** Dead letters. */
    interface DeadLetter {

        /** The topic. */
        @Description("Topic for records that cannot be applied; it is created when missing.")
        @WithDefault("cdc.dead-letter")
        @Matches(regex = Matches.TOPIC, says = Matches.TOPIC_SAYS)
        String topic();

        /** How many of the last records the share is of. */
        @Description("How many of the last records max-share is of.")
        @WithDefault("1000")
        @Range(min = "10", max = "1000000")
        int window();

        /** The share of records that may be dead letters. */
        @Description(
                "Share of the last records that may be dead letters; with more the service stops, as"
                        + " it is then the schema or the topic that is wrong. After a start it is of"
                        + " the records so far, and ten are always allowed. 1 never stops.")
        @WithDefault("0.1")
        @Range(min = "0", max = "1")
        double maxShare();
    }
}
