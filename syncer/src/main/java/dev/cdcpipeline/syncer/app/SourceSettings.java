package dev.cdcpipeline.syncer.app;

import dev.cdcpipeline.kafka.KafkaSettings;
import dev.cdcpipeline.platform.config.Default;
import dev.cdcpipeline.platform.config.Description;
import dev.cdcpipeline.platform.config.Example;
import dev.cdcpipeline.platform.config.Inline;
import dev.cdcpipeline.platform.config.Matches;
import dev.cdcpipeline.platform.config.Range;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Kafka as the source.
 *
 * @param connection the brokers, and properties of the client
 * @param group the consumer group, and the name under which the ledger keeps its place
 * @param topics topics by name; empty if a pattern says which
 * @param topicPattern topics by pattern; empty if a list says which
 * @param discoveryInterval the bound on the age of what is known of topics
 * @param maxPollRecords how many records one poll returns at most
 */
public record SourceSettings(
        @Inline KafkaSettings connection,
        @Description(
                        "Consumer group. The ledger in PostgreSQL keeps its place under this name: another"
                                + " group starts from the beginning.")
                @Default("cdc-syncer")
                String group,
        @Description("Topics to apply, by name. Either this or topic-pattern.")
                @Matches(regex = Matches.TOPIC, says = Matches.TOPIC_SAYS)
                Optional<List<String>> topics,
        @Description(
                        "Topics to apply, as a regular expression for the whole name, such as cdc[.]shop[.].*"
                                + " New ones are picked up without a restart; dead letters are left out."
                                + " Either this or topics.")
                @Example("cdc[.]shop[.].*")
                Optional<String> topicPattern,
        @Description("How often to look for new topics and partitions.")
                @Default("10s")
                @Range(min = "100ms", max = "1h")
                Duration discoveryInterval,
        @Description("Records one poll returns at most.")
                @Default("5000")
                @Range(min = "1", max = "100000")
                int maxPollRecords) {
    /** Brokers to start from, {@code host:port,host:port}. */
    public String bootstrapServers() {
        return connection.bootstrapServers();
    }

    /** Further properties of the Kafka client, under Kafka's own names. */
    public Map<String, String> properties() {
        return connection.properties();
    }
}
