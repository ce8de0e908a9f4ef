package dev.cdcpipeline.platform.config;

import dev.cdcpipeline.platform.secret.Secret;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Settings with every shape and type of option. */
@Prefix("watcher")
record SampleSettings(
        Kafka kafka,
        @Default(of = "port", value = "8081") HttpSettings http,
        RetrySettings retry,
        LogSettings log,
        @Description("What to read.") @Example("[shop.orders]") List<String> include,
        Optional<List<Integer>> numbers,
        @Default("b,a,b") Set<String> letters,
        @Default("update-lookup") Mode fullDocument,
        Optional<Secret> password,
        Optional<URI> address,
        Optional<Path> folder,
        Optional<Integer> small,
        Optional<Long> large,
        Optional<Double> share,
        @Default("16MiB") @Range(min = "1KiB", max = "1GiB") ByteSize batchBytes,
        @Default("500ms") @Range(max = "1m") Duration maxWait,
        @Default("false") boolean tombstones,
        Map<String, Integer> weights,
        @Inline Flat flat) {

    /** What an operator would get wrong, by three rules. */
    static final List<Rule<SampleSettings>> RULES =
            List.of(
                    Rule.of(s -> refused("include", s.include()), "watcher.include"),
                    Rule.of(s -> refused("kafka", s.kafka().bootstrapServers()), "watcher.kafka"),
                    Rule.of(s -> refused("depth", s.flat().depth()), "watcher.depth"));

    private static List<Problem> refused(String name, Object value) {
        return List.of(new Problem("a rule of " + name, value.toString(), "is refused"));
    }

    /** Computed, not given. */
    String summary() {
        return include.size() + " patterns by " + kafka.bootstrapServers();
    }

    /** Options without a group name. */
    record Flat(@Default("10") @Range(min = "1") long depth) {}

    /** A choice. */
    enum Mode {
        UPDATE_LOOKUP,
        OFF
    }

    /** A server, with properties that only its driver knows. */
    record Kafka(
            @Description("Brokers to start from; the rest of the cluster is found through them.")
                    @Matches(
                            regex = "\\s*[^\\s,:]+:\\d{1,5}(\\s*,\\s*[^\\s,:]+:\\d{1,5})*\\s*",
                            says = "host:port, or several separated by commas")
                    @Example("localhost:9092")
                    String bootstrapServers,
            @Description("Further properties of the Kafka client.")
                    Map<String, String> properties) {
        /** Without what may hold credentials, as the settings of a server are. */
        @Override
        public String toString() {
            return "Kafka[properties=" + properties.keySet() + "]";
        }
    }
}
