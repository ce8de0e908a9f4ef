package dev.cdcpipeline.syncer.consume;

import org.apache.kafka.clients.consumer.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Set;

/**
 * Says in the log when there is no topic to apply, and when there is one again: once each time, not
 * while it lasts. Belongs to the poll loop.
 */
final class MissingTopicsWarning {
    private static final Logger log = LoggerFactory.getLogger(MissingTopicsWarning.class);

    private final Subscription subscription;
    private String remark = "";

    MissingTopicsWarning(Subscription subscription) {
        this.subscription = subscription;
    }

    /**
     * Looks at the topics that Kafka's consumer, being in its group, knows of.
     *
     * @return what health should say of them; empty if nothing
     */
    String remark(Consumer<?, ?> consumer) {
        Set<String> found = consumer.subscription();
        // When its brokers go away the client forgets all topics, but not what it was assigned.
        String now = consumer.assignment().isEmpty() ? subscription.remark(found) : "";
        if (!now.equals(remark)) {
            remark = now;
            if (now.isEmpty()) {
                log.info("There are topics to apply now: {}", found);
            } else {
                log.warn("There is nothing to do: {}", now);
            }
        }
        return now;
    }
}
