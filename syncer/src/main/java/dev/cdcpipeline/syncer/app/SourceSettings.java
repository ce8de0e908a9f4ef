package dev.cdcpipeline.syncer.app;

import dev.cdcpipeline.platform.config.Description;
import dev.cdcpipeline.platform.config.Example;
import dev.cdcpipeline.platform.config.KafkaSettings;
import dev.cdcpipeline.platform.config.Matches;
import dev.cdcpipeline.platform.config.Range;

import io.smallrye.config.WithDefault;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Kafka as the source. */
public interface SourceSettings extends KafkaSettings {

    /** The consumer group, and the name under which the ledger keeps its place. */
    @Description(
            "Consumer group. The ledger in PostgreSQL keeps its place under this name: another"
                    + " group starts from the beginning.")
    @WithDefault("cdc-syncer")
    String group();

    /** Topics by name; empty if a pattern says which. */
    @Description("Topics to apply, by name. Either this or topic-pattern.")
    @Matches(regex = Matches.TOPIC, says = Matches.TOPIC_SAYS)
    Optional<List<String>> topics();

    /** Topics by pattern; empty if a list says which. */
    @Description(
            "Topics to apply, as a regular expression for the whole name, such as cdc[.]shop[.].*"
                    + " New ones are picked up without a restart; dead letters are left out."
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
