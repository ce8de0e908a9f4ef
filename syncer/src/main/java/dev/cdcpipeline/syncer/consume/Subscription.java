package dev.cdcpipeline.syncer.consume;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;

import java.util.List;
import java.util.regex.Pattern;

/** Which topics are applied. */
public sealed interface Subscription {

    /** These topics. */
    record Topics(List<String> names) implements Subscription {}

    /** All topics whose whole name matches, also those that come later. */
    record Matching(Pattern pattern) implements Subscription {

        /** All that match but one. */
        public static Matching without(String topic, Pattern pattern) {
            return new Matching(
                    Pattern.compile(
                            "(?!" + Pattern.quote(topic) + "\\z)(?:" + pattern.pattern() + ")",
                            pattern.flags()));
        }
    }

    /** Subscribes the consumer. */
    default void subscribe(Consumer<?, ?> consumer, ConsumerRebalanceListener listener) {
        switch (this) {
            case Topics topics -> consumer.subscribe(topics.names(), listener);
            case Matching matching -> consumer.subscribe(matching.pattern(), listener);
        }
    }
}
