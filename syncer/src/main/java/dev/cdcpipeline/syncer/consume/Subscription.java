package dev.cdcpipeline.syncer.consume;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Which topics are applied. */
public sealed interface Subscription {

    /** These topics. */
    record Topics(List<String> names) implements Subscription {

        /** Kafka's client warns of each that is not there. */
        @Override
        public String remark(Set<String> found) {
            return "";
        }
    }

    /**
     * All topics whose whole name matches, also those that come later, but one.
     *
     * @param asked what they match
     * @param except the one that is left out
     */
    record Matching(Pattern asked, String except) implements Subscription {

        /** What all of them match, and the one does not. */
        public Pattern pattern() {
            return Pattern.compile(
                    "(?!" + Pattern.quote(except) + "\\z)(?:" + asked.pattern() + ")",
                    asked.flags());
        }

        @Override
        public String remark(Set<String> found) {
            return found.isEmpty()
                    ? "no topic matches %s: nothing is applied until one does. The pattern is for the whole name; the Watcher makes a topic at a collection's first event; a topic that the Kafka user may not DESCRIBE cannot be seen"
                            .formatted(asked)
                    : "";
        }
    }

    /** What people should know of the topics found; empty if nothing. */
    String remark(Set<String> found);

    /** Subscribes the consumer. */
    default void subscribe(Consumer<?, ?> consumer, ConsumerRebalanceListener listener) {
        switch (this) {
            case Topics topics -> consumer.subscribe(topics.names(), listener);
            case Matching matching -> consumer.subscribe(matching.pattern(), listener);
        }
    }
}
