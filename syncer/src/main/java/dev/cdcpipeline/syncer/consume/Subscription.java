package dev.cdcpipeline.syncer.consume;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

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
     * All topics whose whole name matches, also those that come later, but some.
     *
     * @param asked what they match
     * @param except those that are left out
     */
    record Matching(Pattern asked, Set<String> except) implements Subscription {
        /** Where letters go unless a topic is configured: of another group, of a Watcher. */
        private static final List<String> USUAL_DEAD_LETTERS =
                List.of("cdc.dead-letter", "cdc-watcher-dead-letter");

        /**
         * All but dead letters, of which copies would be applied or set aside again and again.
         * Those in topics of other names are known one by one.
         *
         * @param ownLetters where this instance puts its own
         */
        public static Matching butLetters(Pattern asked, String ownLetters) {
            var except = new TreeSet<>(USUAL_DEAD_LETTERS);
            except.add(ownLetters);
            return new Matching(asked, except);
        }

        /** What all of them match, and none of those that are left out. */
        public Pattern pattern() {
            String none =
                    except.stream().sorted().map(Pattern::quote).collect(Collectors.joining("|"));
            return Pattern.compile(
                    "(?!(?:" + none + ")\\z)(?:" + asked.pattern() + ")", asked.flags());
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
