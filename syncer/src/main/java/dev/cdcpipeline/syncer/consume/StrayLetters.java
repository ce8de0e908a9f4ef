package dev.cdcpipeline.syncer.consume;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells of dead letters that were found in a topic other than their own, and were left out: once
 * for each topic in the log, each of them in the metrics. Thread-safe.
 */
final class StrayLetters {
    private static final Logger log = LoggerFactory.getLogger(StrayLetters.class);

    private final SyncerMeters meters;
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    StrayLetters(SyncerMeters meters) {
        this.meters = meters;
    }

    /**
     * Takes note of what was left out.
     *
     * @param letters how many, by topic
     */
    void leftOut(Map<String, Integer> letters) {
        letters.forEach(
                (topic, count) -> {
                    meters.strayLetters(count);
                    if (told.add(topic)) {
                        log.warn(
                                "The topic {} holds dead letters of other topics: they are left out. If"
                                        + " it holds nothing else, let syncer.kafka.topic-pattern not"
                                        + " match it",
                                topic);
                    }
                });
    }
}
