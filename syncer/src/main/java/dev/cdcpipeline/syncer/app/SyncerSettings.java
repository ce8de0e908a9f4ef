package dev.cdcpipeline.syncer.app;

import dev.cdcpipeline.platform.config.ByteSize;
import dev.cdcpipeline.platform.config.Configuration;
import dev.cdcpipeline.platform.config.Default;
import dev.cdcpipeline.platform.config.Description;
import dev.cdcpipeline.platform.config.HttpSettings;
import dev.cdcpipeline.platform.config.LogSettings;
import dev.cdcpipeline.platform.config.Matches;
import dev.cdcpipeline.platform.config.Prefix;
import dev.cdcpipeline.platform.config.Range;
import dev.cdcpipeline.platform.config.RetrySettings;
import dev.cdcpipeline.platform.config.ShutdownSettings;
import dev.cdcpipeline.syncer.write.SweepPolicy;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * All settings of the Syncer; the root of its YAML file is {@code syncer:}.
 *
 * @param kafka where the events come from
 * @param postgresql where the rows go
 * @param table which table a collection goes to
 * @param doc how a document looks in its column
 * @param batch when and how much is written at once
 * @param queue what waits between Kafka and the workers
 * @param workers how many batches are written at the same time
 * @param stallTimeout how long nothing may get on while records wait
 * @param sweep what a drop, a rename or a new snapshot does to the rows that were there before
 * @param tombstones how long deleted rows are remembered
 * @param deadLetter where records go that cannot be applied
 * @param onLoss what to do where Kafka no longer has what comes next
 * @param retry how what may pass is tried again
 * @param http metrics and health, on another port than the Watcher's: both may run on one machine
 * @param log logs
 * @param shutdown how the service stops
 */
@Prefix("syncer")
public record SyncerSettings(
        SourceSettings kafka,
        TargetSettings postgresql,
        Table table,
        Document doc,
        BatchSettings batch,
        Queue queue,
        @Description(
                        "Workers: how many batches are written at the same time. Each uses a connection; a free"
                                + " one takes the partition that has waited longest.")
                @Default("2")
                @Range(min = "1", max = "256")
                int workers,
        @Description(
                        "How long a partition may stand still while records of it wait, or a batch be under way; then /health tells of it,"
                                + " with its cause. Not while a table is swept, which may take long.")
                @Default("30s")
                @Range(min = "1s", max = "1h")
                Duration stallTimeout,
        @Description(
                        "Rows of a collection that was dropped, renamed or copied anew: mirror deletes those"
                                + " that MongoDB no longer has, ignore keeps them.")
                @Default("mirror")
                SweepPolicy sweep,
        @Description(
                        "How long the version of a deleted row is kept (in cdc.deleted), so that an older change"
                                + " that comes late does not bring the row back. At least as long as such"
                                + " changes may be on their way; 0s keeps none.")
                @Default("24h")
                @Range(min = "0s", max = "3650d")
                Duration tombstones,
        DeadLetter deadLetter,
        LossSettings onLoss,
        RetrySettings retry,
        @Default(of = "port", value = "8081") HttpSettings http,
        LogSettings log,
        ShutdownSettings shutdown) {

    /**
     * Reads and checks the configuration.
     *
     * @param file the YAML file; null if the environment says everything
     * @param environment usually {@code System.getenv()}
     * @throws dev.cdcpipeline.platform.config.ConfigurationException with every problem
     */
    public static SyncerSettings load(@Nullable Path file, Map<String, String> environment) {
        return Configuration.load(SyncerSettings.class, file, environment, Checks.RULES);
    }

    /**
     * Names of tables.
     *
     * @param schema the schema's name as a template
     * @param name the table's name as a template
     * @param overrides tables of single collections; never null
     */
    public record Table(
            @Description(
                            "Schema of a collection's table; {db} and {collection} stand for its names.")
                    @Default("{db}")
                    String schema,
            @Description("Name of a collection's table; {db} and {collection} stand for its names.")
                    @Default("{collection}")
                    String name,
            @Description("Tables of single collections: db.collection: schema.table")
                    Map<String, String> overrides) {}

    /**
     * The column of the document.
     *
     * @param format how values look that JSON has no type for
     */
    public record Document(
            @Description(
                            "plain: ObjectIds and dates as strings, numbers as numbers. extended: MongoDB"
                                    + " Extended JSON v2, from which every BSON type can be told again.")
                    @Default("plain")
                    DocFormat format) {}

    /**
     * The queue of the workers.
     *
     * @param maxBytes the bound of what waits
     */
    public record Queue(
            @Description(
                            "Memory for records that wait for a worker. When it is used up, the partitions are"
                                    + " paused; one that has its share of it, alone. Half of it, and at most"
                                    + " 16MiB, is fetched from Kafka at once.")
                    @Default("32MiB")
                    @Range(min = "1MiB", max = "64GiB")
                    ByteSize maxBytes) {}

    /**
     * Dead letters.
     *
     * @param topic the topic
     * @param window how many of the last records the share is of
     * @param maxShare the share of records that may be dead letters
     */
    public record DeadLetter(
            @Description("Topic for records that cannot be applied; it is created when missing.")
                    @Default("cdc.dead-letter")
                    @Matches(regex = Matches.TOPIC, says = Matches.TOPIC_SAYS)
                    String topic,
            @Description("How many of the last records max-share is of.")
                    @Default("1000")
                    @Range(min = "10", max = "1000000")
                    int window,
            @Description(
                            "Share of the last records that may be dead letters; with more the service stops, as"
                                    + " it is then the schema or the topic that is wrong. After a start it is of"
                                    + " the records so far, and ten are always allowed. 1 never stops.")
                    @Default("0.1")
                    @Range(min = "0", max = "1")
                    double maxShare) {}
}
