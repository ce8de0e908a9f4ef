package dev.cdcpipeline.syncer.app;

import dev.cdcpipeline.platform.config.ByteSize;
import dev.cdcpipeline.platform.config.Configuration;
import dev.cdcpipeline.platform.config.Description;
import dev.cdcpipeline.platform.config.Example;
import dev.cdcpipeline.platform.config.HttpSettings;
import dev.cdcpipeline.platform.config.KafkaSettings;
import dev.cdcpipeline.platform.config.LogSettings;
import dev.cdcpipeline.platform.config.Matches;
import dev.cdcpipeline.platform.config.Range;
import dev.cdcpipeline.platform.config.RetrySettings;
import dev.cdcpipeline.platform.config.ShutdownSettings;
import dev.cdcpipeline.platform.secret.Secret;
import dev.cdcpipeline.syncer.consume.LossPolicy;
import dev.cdcpipeline.syncer.write.OnDroppedTable;
import dev.cdcpipeline.syncer.write.SweepPolicy;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All settings of the Syncer; the root of its YAML file is {@code syncer:}. */
@ConfigMapping(prefix = "syncer")
public interface SyncerSettings {

    /** Where the events come from. */
    Source kafka();

    /** Where the rows go. */
    Target postgresql();

    /** Which table a collection goes to. */
    Table table();

    /** How a document looks in its column. */
    Document doc();

    /** When and how much is written at once. */
    Batching batch();

    /** What waits between Kafka and the workers. */
    Queue queue();

    /** How many batches are written at the same time. */
    @Description(
            "Workers: how many batches are written at the same time. Each uses a connection; the"
                    + " partitions are shared out among them.")
    @WithDefault("2")
    @Range(min = "1", max = "256")
    int workers();

    /** What a drop, a rename or a new snapshot does to the rows that were there before. */
    @Description(
            "Rows of a collection that was dropped, renamed or copied anew: mirror deletes those"
                    + " that MongoDB no longer has, ignore keeps them.")
    @WithDefault("mirror")
    SweepPolicy sweep();

    /** Where records go that cannot be applied. */
    DeadLetter deadLetter();

    /** What to do where Kafka no longer has what comes next. */
    Loss onLoss();

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

    /** Kafka as the source. */
    interface Source extends KafkaSettings {

        /** The consumer group, and the name under which the ledger keeps its place. */
        @Description(
                "Consumer group. The ledger in PostgreSQL keeps its place under this name: another"
                        + " group starts from the beginning.")
        @WithDefault("cdc-syncer")
        String group();

        /** Topics by name; empty if a pattern says which. */
        @Description("Topics to apply, by name. Either this or topic-pattern.")
        Optional<List<String>> topics();

        /** Topics by pattern; empty if a list says which. */
        @Description(
                "Topics to apply, as a regular expression for the whole name, such as cdc[.]shop[.].*"
                        + " New ones are picked up without a restart; the dead-letter topic is left out."
                        + " Either this or topics.")
        @Example("cdc[.]shop[.].*")
        Optional<String> topicPattern();

        /** The bound on the age of what is known of topics. */
        @Description("How often to look for new topics and partitions.")
        @WithDefault("10s")
        @Range(min = "100ms", max = "1h")
        Duration discoveryInterval();

        /** How many records one poll returns at most. */
        @Description("Records one poll returns at most.")
        @WithDefault("5000")
        @Range(min = "1", max = "100000")
        int maxPollRecords();
    }

    /** PostgreSQL as the target. */
    interface Target {

        /** The JDBC URL. */
        @Description("JDBC URL of the database, such as jdbc:postgresql://localhost:5432/app.")
        @Matches(regex = "jdbc:postgresql:.+", says = "jdbc:postgresql://host:port/database")
        @Example("jdbc:postgresql://localhost:5432/app")
        String url();

        /** The user. */
        @Description("User; needs CREATE on the database, or tables made beforehand.")
        @Example("cdc")
        String user();

        /** The password; empty if none. */
        @Description("Password; none if the server does not ask for one.")
        Optional<Secret> password();

        /** The number of connections; empty for one per worker and one more. */
        @Description(
                "Connections; a worker waits while all are taken. By default one per worker and one"
                        + " more.")
        @Range(min = "1", max = "1000")
        Optional<Integer> poolSize();

        /** How long to wait for a connection before it is counted as a failure and tried again. */
        @Description("How long to wait for a free connection before it counts as a failed attempt.")
        @WithDefault("30s")
        @Range(min = "250ms", max = "1h")
        Duration acquireTimeout();

        /** Further properties of the JDBC driver, under its own names; never null. */
        @Description(
                "Further properties of the JDBC driver under its own names, such as sslmode,"
                        + " sslrootcert, socketTimeout (in seconds, 90 by default: how long to wait for"
                        + " an answer, except for a sweep's).")
        Map<String, String> properties();
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

    /** Batches. */
    interface Batching {

        /** The number of records at which a batch is written. */
        @Description("A batch is written at this many records ...")
        @WithDefault("1000")
        @Range(min = "1", max = "1000000")
        int maxRecords();

        /** The time after its first record at which a batch is written. */
        @Description("... or so long after its first record, whichever comes first ...")
        @WithDefault("500ms")
        @Range(min = "1ms", max = "1h")
        Duration maxWait();

        /** Whether a worker that has nothing to do writes what there is. */
        @Description(
                "... or at once, when a worker has nothing else to do. false waits for one of the"
                        + " bounds: fewer, larger transactions, and more lag.")
        @WithDefault("true")
        boolean whenIdle();

        /** The number of records that a batch may grow to when they are waiting already. */
        @Description(
                "With a backlog a batch grows to this many records, which is faster. Many more only"
                        + " cost memory. Set it to max-records to switch that off.")
        @WithDefault("8000")
        @Range(min = "1", max = "1000000")
        int backlogRecords();

        /** The number of changes of a table from which on they go by COPY. */
        @Description("From so many upserts of one table in a batch on they go by COPY.")
        @WithDefault("500")
        @Range(min = "1", max = "1000000")
        int copyFrom();

        /** The bound of a batch in bytes. */
        @Description("No batch is larger, unless it is a single record.")
        @WithDefault("32MiB")
        @Range(min = "64KiB", max = "1GiB")
        ByteSize maxBytes();
    }

    /** Queues of the workers. */
    interface Queue {

        /** The bound of all queues together. */
        @Description(
                "Memory for records that wait for a worker, all workers together. When it is used"
                        + " up, partitions are paused.")
        @WithDefault("24MiB")
        @Range(min = "1MiB", max = "64GiB")
        ByteSize maxBytes();
    }

    /** Dead letters. */
    interface DeadLetter {

        /** The topic. */
        @Description("Topic for records that cannot be applied; it is created when missing.")
        @WithDefault("cdc.dead-letter")
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

    /** Losses between Kafka and the ledger. */
    interface Loss {

        /** Kafka deleted records before they were applied. */
        @Description(
                "Kafka deleted records before they were applied: fail, or continue with the first"
                        + " that is left.")
        @WithDefault("fail")
        LossPolicy.OnLoss offsetGone();

        /** Kafka's log ends before the ledger. */
        @Description(
                "Kafka's log ends before the place in the ledger, or was cut there and has other"
                        + " records now: fail, or continue with the log's first record; rows never"
                        + " go back to older versions.")
        @WithDefault("fail")
        LossPolicy.OnLoss ledgerAhead();

        /** A topic was deleted and created anew under its name. */
        @Description(
                "A topic was deleted and created anew: fail, or continue with the new one's first"
                        + " record.")
        @WithDefault("fail")
        LossPolicy.OnLoss topicRecreated();

        /** A topic has more partitions than when it was first applied. */
        @Description(
                "A topic has more partitions than when it was first applied, so that its documents"
                        + " are in other partitions now: fail, or continue, which is right only if all"
                        + " that was published before had been applied.")
        @WithDefault("fail")
        LossPolicy.OnLoss partitionsAdded();

        /** A table that rows were written to is gone. */
        @Description(
                "A table that rows were written to was dropped: fail, or recreate it empty, so that it"
                        + " gets what comes from now on.")
        @WithDefault("fail")
        OnDroppedTable tableDropped();
    }
}
