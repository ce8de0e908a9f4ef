package dev.cdcpipeline.platform.config;

import dev.cdcpipeline.platform.secret.Secret;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import io.smallrye.config.WithParentName;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** A mapping type with every shape and type of option. */
@ConfigMapping(prefix = "watcher")
interface SampleSettings {
    KafkaSettings kafka();

    OwnHttp http();

    RetrySettings retry();

    LogSettings log();

    @Description("What to read.")
    @Example("[shop.orders]")
    List<String> include();

    Optional<List<Integer>> numbers();

    @WithDefault("b,a,b")
    Set<String> letters();

    @WithDefault("update-lookup")
    Mode fullDocument();

    Optional<Secret> password();

    Optional<URI> address();

    Optional<Path> folder();

    OptionalInt small();

    OptionalLong large();

    OptionalDouble share();

    @WithName("batch-bytes")
    @WithDefault("16MiB")
    @Range(min = "1KiB", max = "1GiB")
    ByteSize batch();

    @WithDefault("500ms")
    @Range(max = "1m")
    Duration maxWait();

    @WithDefault("false")
    boolean tombstones();

    Map<String, Integer> weights();

    @WithParentName
    Flat flat();

    /** Computed, not given. */
    default String summary() {
        return include().size() + " patterns by " + kafka().bootstrapServers();
    }

    /** What an operator would get wrong, by three rules. */
    List<Rule<SampleSettings>> RULES =
            List.of(
                    settings -> refused("include", settings.include()),
                    settings -> refused("kafka", settings.kafka().bootstrapServers()),
                    settings -> refused("depth", settings.flat().depth()));

    private static List<Problem> refused(String name, Object value) {
        return List.of(new Problem("a rule of " + name, value.toString(), "is refused"));
    }

    /** Options without a group name. */
    interface Flat {
        @WithDefault("10")
        @Range(min = "1")
        long depth();
    }

    /** The shared options with another default. */
    interface OwnHttp extends HttpSettings {
        @Override
        @WithDefault("8081")
        int port();
    }

    /** A choice. */
    enum Mode {
        UPDATE_LOOKUP,
        OFF
    }
}
